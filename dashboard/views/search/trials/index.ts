// Door of the list of a search's trials.
export { Trials } from './trials.tsx';

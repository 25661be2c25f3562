// Door of the overview of a search.
export { Overview } from './overview.tsx';

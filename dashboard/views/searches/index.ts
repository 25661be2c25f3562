// Door of the list of searches.
export { Searches } from './searches.tsx';

// Door of a search's views.
export { SearchFrame } from './search-frame.tsx';

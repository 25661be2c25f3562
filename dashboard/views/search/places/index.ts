// Door of the view of a network's places.
export { Places } from './places.tsx';

// Door of parallel coordinates.
export { Parallel } from './parallel.tsx';

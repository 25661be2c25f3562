// Door of the views of one trial, and of two.
export { Comparison } from './comparison.tsx';
export { Trial } from './trial.tsx';

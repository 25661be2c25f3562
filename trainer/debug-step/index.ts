// Door of `debug step`: one training step taken apart, so that anyone can compute it again elsewhere.
export { syntheticData } from './synthetic-data.ts';
export { type StepPorts, takeStep } from './take-step.ts';
export { writeStep } from './write-step.ts';

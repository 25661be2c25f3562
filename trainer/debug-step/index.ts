// Door of `debug step`: training steps taken apart, so that anyone can compute it again elsewhere.
export { syntheticData } from './synthetic-data.ts';
export { type StepPorts, takeSteps } from './take-steps.ts';
export { writeStep } from './write-step.ts';

// Door of what watches the reconcilers: numbers and spans around the ports that they are given.
export { countingConflicts } from './counting-conflicts.ts';
export { createFleetGauges } from './fleet.ts';
export { tracedCreates } from './traced-creates.ts';
export { tracedTrainer } from './traced-trainer.ts';
export { Turnaround } from './turnaround.ts';

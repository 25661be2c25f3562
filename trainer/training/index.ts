// Door of training.
export { removeTorn, writeAtomically } from './atomic-file.ts';
export { BadInputError } from './bad-input-error.ts';
export { inPairs } from './batches.ts';
export { identityOf } from './identity.ts';
export { type InferencePlan, inferenceEntry } from './inference-entry.ts';
export { initialValues } from './initial-values.ts';
export { DamagedFileError, inPlace, type Keeper, restoreMissing } from './keeper.ts';
export { networkOf } from './network-of.ts';
export type { Statistics } from './objective.ts';
export { EVALUATION_BATCH } from './open-network.ts';
export type { Batch, Clock, Listener, TrainingData } from './ports.ts';
export { CHECKPOINT, type RunOutcome, runTrial } from './run-trial.ts';
export { type Spans, untold } from './spans.ts';
export { stepInputs } from './step-inputs.ts';
export { buildStepProgram, type StepPlan, type StepProgram } from './step-program.ts';
export { halvesOf } from './supernet/index.ts';
export type { OpenedData, Trained, TrialPorts } from './trial-ports.ts';

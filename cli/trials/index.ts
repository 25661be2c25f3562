// Door of the trials of a search as people look at them.
export {
  MORE,
  NETWORK,
  objectiveColumns,
  PARAMETERS,
  STATE,
  TRIAL,
  trialObjectName,
} from './columns.ts';
export {
  hasEnded,
  type KnownTrials,
  knownTrials,
  missingNote,
  TrialReader,
} from './known-trials.ts';
export { namedTrial } from './named-trial.ts';
export { scoredTrials } from './scored.ts';

// Door of the trials of a search as people look at them.
export {
  MORE,
  NETWORK,
  objectiveColumns,
  PARAMETERS,
  TRIAL,
  trialObjectName,
} from './columns.ts';
export { type KnownTrials, knownTrials, missingNote } from './known-trials.ts';
export { type ScoredTrial, scoredTrials } from './scored.ts';

// Door of what lies in the directory of a local run: its search as it is stored, its lock, and edits from outside.
export { admission } from './admission.ts';
export { type EditIo, editStoredSearch, takeEdits } from './edits.ts';
export {
  type LiveEpochs,
  liveEpochsReader,
  readLiveEpochs,
  removeLiveEpochs,
  writeLiveEpochs,
} from './live-epochs.ts';
export { isCarriedOut, type RunDirectory, takeRunDirectory } from './run-directory.ts';
export {
  complete,
  NoSearchError,
  noSearchIn,
  readSearchIn,
  readStoredSearch,
  trialReader,
} from './stored-search.ts';

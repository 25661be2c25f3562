// Door of where searches are: a directory or a cluster, behind one port.
export { type PlaceFlags, type PlaceIo, withPlace, withPlaceOptions } from './flags.ts';
export { isOnS3 } from './left-file.ts';
export { localPlace, runPlace } from './local.ts';
export {
  type Attempt,
  attemptGone,
  attemptIn,
  attemptsBegun,
  type FoundSearch,
  type LedgerPlace,
  type LeftFile,
  type LogReading,
  NoSuchSearchError,
  type PlacedSearch,
  PlaceError,
  type SearchEdit,
  type SearchEvent,
  type SearchPlace,
  type UnreadableSearch,
} from './place.ts';
export { withSearchArgument } from './search-argument.ts';

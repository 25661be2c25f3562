// Door of where searches are: a directory or a cluster, behind one port.
export { type PlaceFlags, type PlaceIo, withPlace, withPlaceOptions } from './flags.ts';
export type {
  Attempt,
  FoundSearch,
  LeftFile,
  PlacedSearch,
  SearchEdit,
  SearchEvent,
  SearchPlace,
} from './place.ts';
export { PlaceError } from './place.ts';
export { withSearchArgument } from './search-argument.ts';

// Door of addresses.

export { go, setQuery, usePlace } from './navigation.ts';
export {
  hrefOf,
  type Place,
  type Query,
  type Route,
  type SearchKey,
  TABS,
  type Tab,
} from './route.ts';

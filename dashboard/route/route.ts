// Which view an address means: what stands behind # is a path and a query, so that one file serves all of them. Pure.

export const TABS = ['overview', 'trials', 'places', 'lineage', 'settings'] as const;
export type Tab = (typeof TABS)[number];

/** A search by namespace and name. */
export interface SearchKey {
  readonly namespace: string;
  readonly name: string;
}

export type Route =
  | { readonly view: 'searches' }
  | ({ readonly view: 'search'; readonly tab: Tab } & SearchKey)
  | ({ readonly view: 'trial'; readonly trial: string } & SearchKey)
  | ({ readonly view: 'compare'; readonly trials: readonly [string, string] } & SearchKey)
  | { readonly view: 'nowhere'; readonly path: string };

export type Query = Readonly<Record<string, string>>;

export interface Place {
  readonly route: Route;
  readonly query: Query;
}

export function placeOf(hash: string): Place {
  const [path = '', search = ''] = hash.replace(/^#?\/?/, '').split(/\?(.*)/s, 2);
  return { route: routeOf(path), query: Object.fromEntries(new URLSearchParams(search)) };
}

function routeOf(path: string): Route {
  const [namespace = '', name = '', ...rest] = path.split('/').map(decoded);
  if (path === '') return { view: 'searches' };
  const key = { namespace, name };
  const [first = 'overview', one = '', two = ''] = rest;
  if (name === '') return { view: 'nowhere', path };
  if (first === 'trial' && one !== '') return { view: 'trial', ...key, trial: one };
  if (first === 'compare' && two !== '') return { view: 'compare', ...key, trials: [one, two] };
  const tab = TABS.find((each) => each === first);
  return tab === undefined ? { view: 'nowhere', path } : { view: 'search', ...key, tab };
}

/** An address may be typed by hand: what is no code of a letter stays as it is. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function hrefOf(route: Route, query: Query = {}): string {
  const kept = Object.entries(query).filter(([, value]) => value !== '');
  const search = kept.length === 0 ? '' : `?${new URLSearchParams(kept)}`;
  return `#/${pathOf(route)}${search}`;
}

function pathOf(route: Route): string {
  const below = (...parts: readonly string[]) => parts.map(encodeURIComponent).join('/');
  switch (route.view) {
    case 'searches':
      return '';
    case 'nowhere':
      return route.path;
    case 'search':
      return route.tab === 'overview'
        ? below(route.namespace, route.name)
        : below(route.namespace, route.name, route.tab);
    case 'trial':
      return below(route.namespace, route.name, 'trial', route.trial);
    case 'compare':
      return below(route.namespace, route.name, 'compare', ...route.trials);
  }
}

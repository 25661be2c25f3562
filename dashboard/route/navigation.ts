// The address of the window: read as a place, and changed.
import { useEffect, useState } from 'preact/hooks';
import { hrefOf, type Place, placeOf, type Query } from './route.ts';

/** Drawn anew whenever the address changes. */
export function usePlace(): Place {
  const [place, setPlace] = useState(() => placeOf(location.hash));
  useEffect(() => {
    const follow = () => setPlace(placeOf(location.hash));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return place;
}

export const go = (href: string): void => {
  location.hash = href;
};

/** Changes what the address says besides the view, without a step in the history: typing would leave one a letter. */
export function setQuery(changes: Query): void {
  const { route, query } = placeOf(location.hash);
  const href = hrefOf(route, { ...query, ...changes });
  if (href === location.hash) return;
  history.replaceState(null, '', href);
  dispatchEvent(new HashChangeEvent('hashchange'));
}

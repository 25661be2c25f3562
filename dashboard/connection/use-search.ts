// A live search for the views that show it.
import { useEffect, useState } from 'preact/hooks';
import type { SearchView } from '../api.ts';
import type { SearchKey } from '../route/index.ts';
import { LiveSearch, type LiveState } from './live-search.ts';

export interface SearchHandle extends LiveState {
  readonly replaceView: (view: SearchView) => void;
}

const nothing = () => undefined;

export function useSearch({ namespace, name }: SearchKey): SearchHandle {
  const [handle, setHandle] = useState<SearchHandle>({ link: 'connecting', replaceView: nothing });
  useEffect(() => {
    const live: LiveSearch = new LiveSearch({ namespace, name }, (state) =>
      setHandle({ ...state, replaceView: live.replaceView }),
    );
    live.open();
    return () => live.close();
  }, [namespace, name]);
  return handle;
}

// The frame of a search's views: its name and state, whether it is live, and the ways from view to view.
import type { ComponentChildren } from 'preact';
import type { SearchView } from '../../api.ts';
import { type Link, type SearchHandle, useSearch } from '../../connection/index.ts';
import { Note, Phase } from '../../parts/index.ts';
import { hrefOf, type Query, type Route, TABS } from '../../route/index.ts';
import { Comparison, Trial } from '../trial/index.ts';
import { Controls } from './controls.tsx';
import { FilterBox } from './filter-box.tsx';
import { type Known, useKnown } from './known.ts';
import { Lineage } from './lineage/index.ts';
import { Overview } from './overview/index.ts';
import { Places } from './places/index.ts';
import { Settings } from './settings.tsx';
import { Trials } from './trials/index.ts';

type SearchRoute = Exclude<Route, { view: 'searches' | 'nowhere' }>;

export function SearchFrame({ route, query }: { route: SearchRoute; query: Query }) {
  const handle = useSearch(route);
  const known = useKnown(handle, query);
  const { view, problem } = handle;
  return (
    <>
      <div class="title">
        <h1>
          {route.view === 'trial'
            ? route.trial
            : route.view === 'compare'
              ? 'Two trials'
              : route.name}
        </h1>
        {view === undefined || route.view !== 'search' ? undefined : <Phase phase={view.phase} />}
        <LinkState link={handle.link} ended={view?.completionTime !== undefined} />
        {view?.editable && route.view === 'search' ? (
          <Controls view={view} onChange={handle.replaceView} />
        ) : undefined}
      </div>
      {problem === undefined ? undefined : (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {route.view === 'search' ? <Tabs route={route} query={query} view={view} /> : undefined}
      {known === undefined ? <Loading handle={handle} /> : <Content route={route} known={known} />}
    </>
  );
}

const Loading = ({ handle: { problem } }: { handle: SearchHandle }) =>
  problem === undefined ? <Note>Loading …</Note> : null;

function Content({ route, known }: { route: SearchRoute; known: Known }): ComponentChildren {
  if (route.view === 'trial') return <Trial known={known} name={route.trial} />;
  if (route.view === 'compare') return <Comparison known={known} names={route.trials} />;
  switch (route.tab) {
    case 'overview':
      return <Overview known={known} />;
    case 'trials':
      return <Trials known={known} />;
    case 'places':
      return <Places known={known} />;
    case 'lineage':
      return <Lineage known={known} />;
    case 'settings':
      return <Settings known={known} />;
  }
}

interface TabsProps {
  readonly route: Extract<Route, { view: 'search' }>;
  readonly query: Query;
  readonly view: SearchView | undefined;
}

/** The filter goes along from tab to tab. */
function Tabs({ route, query: { filter = '' }, view }: TabsProps) {
  return (
    <>
      <nav class="tabs" aria-label="Views of the search">
        {TABS.map((tab) => (
          <a
            key={tab}
            href={hrefOf({ ...route, tab }, { filter })}
            aria-current={tab === route.tab ? 'page' : undefined}
          >
            {tab}
          </a>
        ))}
      </nav>
      {view === undefined || route.tab === 'settings' ? undefined : <FilterBox text={filter} />}
    </>
  );
}

const LINKS: Readonly<Record<Link, string>> = {
  connecting: 'connecting',
  live: 'live',
  lost: 'connection lost, trying again',
};

function LinkState({ link, ended }: { link: Link; ended: boolean }) {
  const text = ended && link === 'live' ? 'up to date' : LINKS[link];
  return (
    <span class={`link ${link}`} role="status">
      {text}
    </span>
  );
}

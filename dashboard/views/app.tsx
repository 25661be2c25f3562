// The frame of every view: where one is, and what the address asks for.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { ThemeSwitch } from '../parts/index.ts';
import { hrefOf, type Place, type Route, usePlace } from '../route/index.ts';
import { SearchFrame } from './search/index.ts';
import { Searches } from './searches/index.ts';

export function App() {
  const place = usePlace();
  const main = useRef<HTMLElement>(null);
  const title = titleOf(place.route);
  const first = useRef(true);
  useEffect(() => {
    document.title = title;
    // Who hears the page is told of the new view; who sees it starts at its top.
    if (!first.current) main.current?.focus({ preventScroll: true });
    first.current = false;
    scrollTo(0, 0);
  }, [title]);
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to content
      </button>
      <header class="bar">
        <a class="brand" href={hrefOf({ view: 'searches' })}>
          bionas
        </a>
        <Trail route={place.route} />
        <ThemeSwitch />
      </header>
      <main id="main" tabIndex={-1} ref={main}>
        <View place={place} />
      </main>
    </>
  );
}

function View({ place }: { place: Place }) {
  const { route } = place;
  switch (route.view) {
    case 'searches':
      return <Searches query={place.query} />;
    case 'nowhere':
      return (
        <p class="problem" role="alert">
          There is no view at {route.path}. <a href={hrefOf({ view: 'searches' })}>All searches</a>
        </p>
      );
    case 'search':
    case 'trial':
    case 'compare':
      return <SearchFrame route={route} query={place.query} />;
  }
}

function Trail({ route }: { route: Route }) {
  if (route.view === 'searches' || route.view === 'nowhere') return <nav aria-label="Place" />;
  const { namespace, name } = route;
  const search = hrefOf({ view: 'search', tab: 'overview', namespace, name });
  const steps: ComponentChildren[] = [
    <a href={hrefOf({ view: 'searches' }, { find: namespace })}>{namespace}</a>,
    <a href={search}>{name}</a>,
    ...(route.view === 'trial' ? [<span>{route.trial}</span>] : []),
    ...(route.view === 'compare' ? [<span>comparison</span>] : []),
  ];
  return (
    <nav class="trail" aria-label="Place">
      <ol>
        {steps.map((step) => (
          <li>{step}</li>
        ))}
      </ol>
    </nav>
  );
}

function titleOf(route: Route): string {
  switch (route.view) {
    case 'searches':
      return 'Searches · bionas';
    case 'nowhere':
      return 'bionas';
    case 'search':
      return `${route.name}: ${route.tab} · bionas`;
    case 'trial':
      return `${route.trial} · bionas`;
    case 'compare':
      return `${route.trials.join(' and ')} · bionas`;
  }
}

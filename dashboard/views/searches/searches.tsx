// All searches: where they stand, filtered by words and sorted by a column, both in the address.
import { getSearches, useAnswer, useTick } from '../../connection/index.ts';
import { DataTable, Note, sorted } from '../../parts/index.ts';
import { type Query, setQuery } from '../../route/index.ts';
import { COLUMNS } from './columns.tsx';
import { matching } from './matching.ts';

/** Between two looks [s]: the list has no stream. */
const EVERY = 4;

export function Searches({ query }: { query: Query }) {
  const { find = '', sort = '-began' } = query;
  const { value: list, problem } = useAnswer(getSearches, [useTick(EVERY)]);
  const { searches, unreadable = [] } = list ?? {};
  const found = sorted(matching(searches ?? [], find), sort, COLUMNS);
  return (
    <>
      <div class="title">
        <h1>Searches</h1>
        <input
          type="search"
          class="find"
          aria-label="Find searches by name, namespace, phase or algorithm"
          placeholder="Find by name, phase, algorithm"
          value={find}
          onInput={(event) => setQuery({ find: event.currentTarget.value })}
        />
      </div>
      {problem === undefined ? undefined : (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {unreadable.map(({ namespace, name, problem: why }) => (
        <p key={why} class="problem" role="alert">
          {namespace}/{name} cannot be read: {why}
        </p>
      ))}
      {searches === undefined ? (
        <Note>{problem === undefined ? 'Loading …' : ''}</Note>
      ) : (
        <section class="card wide">
          <DataTable
            label="Searches"
            columns={COLUMNS}
            rows={found}
            keyOf={({ uid }) => uid}
            sort={sort}
            onSort={(next) => setQuery({ sort: next })}
          />
          {found.length === 0 ? (
            <Note>
              {searches.length + unreadable.length === 0
                ? 'There is no search yet: bionas run starts one.'
                : 'None fits.'}
            </Note>
          ) : undefined}
        </section>
      )}
    </>
  );
}

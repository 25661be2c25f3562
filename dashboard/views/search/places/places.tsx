// Which values at which places make good networks: parallel coordinates, and how much each place and rule explains.

import { useMemo } from 'preact/hooks';
import { ruleColor } from '../../../../cli/drawing/index.ts';
import { Bars, Parallel } from '../../../charts/index.ts';
import { getImportance, useAnswer } from '../../../connection/index.ts';
import { FACETS, type Facet, strandsOf } from '../../../figures/index.ts';
import { termsOf, withTerm } from '../../../filter/index.ts';
import { Card, Choice, Note } from '../../../parts/index.ts';
import { setQuery } from '../../../route/index.ts';
import { FilterProblems } from '../filter-problems.tsx';
import type { Known } from '../known.ts';

/** Strands in one picture. */
const STRANDS = 1000;

export function Places({ known }: { known: Known }) {
  const { filter, query } = known;
  const facet = FACETS.find((each) => each === query['by']) ?? 'both';
  return (
    <>
      <FilterProblems problems={filter.problems} />
      <div class="cards">
        <Card
          title="Places of the network"
          wide
          aside={
            <Choice
              label="Tell apart"
              options={FACETS}
              value={facet}
              onChange={(by) => setQuery({ by })}
            />
          }
        >
          {() => <Coordinates known={known} facet={facet} />}
        </Card>
        <ImportanceCards known={known} />
      </div>
    </>
  );
}

function Coordinates({ known, facet }: { known: Known; facet: Facet }) {
  const { view, table, terms, filter, query } = known;
  const strands = useMemo(
    () =>
      strandsOf(table.trials, { ...terms, objectives: view.objectives }, { facet, limit: STRANDS }),
    [table, terms, facet],
  );
  if (view.places.length === 0)
    return <Note>This search varies whole networks, not their places.</Note>;
  if (strands.strands.length === 0) return <Note>No trial has a score yet.</Note>;
  const { filter: text = '' } = query;
  const write = (field: string, own: readonly string[]) =>
    setQuery({ filter: withTerm(text, field, own) });
  const metric = view.objectives[0]?.metric ?? 'accuracy';
  return (
    <>
      <Parallel
        strands={strands}
        objectives={view.objectives}
        fits={filter.fits}
        chosen={(place) => termsOf(text, place).flatMap(({ values }) => values)}
        onChoose={(place, values) =>
          write(place, values.length === 0 ? [] : [`=${values.join('|')}`])
        }
        onRange={(range) =>
          write(metric, range === undefined ? [] : [`>=${short(range[0])}`, `<=${short(range[1])}`])
        }
      />
      <Note>
        Each line is a trial, dark where it is good. Drag along an axis, or click its values, to
        filter.
        {strands.left > 0
          ? ` The best half and a sample are drawn: ${strands.left} others are not.`
          : ''}
      </Note>
    </>
  );
}

const TOO_FEW = 'Told once 20 trials have a score.';

const short = (value: number): string => String(Number(value.toPrecision(4)));

/** Asked for anew when there are 5 % more trials: before, the answer is the same. */
const stepOf = (trials: number): number => Math.floor(Math.log1p(trials) / Math.log(1.05));

function ImportanceCards({ known: { namespace, name, table } }: { known: Known }) {
  const { value: importance, problem } = useAnswer(
    (signal) => getImportance({ namespace, name }, signal),
    [namespace, name, stepOf(table.trials.length)],
  );
  if (importance === undefined || importance === null)
    return (
      <Card title="Importance">
        {() => <Note>{problem ?? (importance === null ? TOO_FEW : 'Loading …')}</Note>}
      </Card>
    );
  const { places, rules, trials } = importance;
  const note = (
    <Note>Share of the variance of scores that it explains alone, over {trials} trials.</Note>
  );
  return (
    <>
      <Card title="Importance of places">
        {() => (
          <>
            <Bars
              label="Importance of places"
              bars={places.map(({ place, share }) => ({ key: place, name: place, share }))}
            />
            {note}
          </>
        )}
      </Card>
      <Card title="Importance of rules">
        {() => (
          <>
            <Bars
              label="Importance of rules"
              bars={rules.map(({ rule, share }) => ({
                key: rule,
                name: rule,
                share,
                color: ruleColor(rule),
              }))}
            />
            {note}
          </>
        )}
      </Card>
    </>
  );
}

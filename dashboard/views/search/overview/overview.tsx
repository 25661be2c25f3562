// A search at a glance: how far it is, and what it has found.

import { FilterProblems } from '../filter-problems.tsx';
import type { Known } from '../known.ts';
import { ComparisonCards } from './comparisons.tsx';
import { CurvesCard } from './curves-card.tsx';
import { FailuresCard } from './failures-card.tsx';
import { HeadTiles } from './head-tiles.tsx';
import { ParetoCard } from './pareto-card.tsx';
import { ProgressCard } from './progress-card.tsx';
import { RulesCard } from './rules-card.tsx';
import { RungsCard } from './rungs-card.tsx';

export function Overview({ known }: { known: Known }) {
  const { view, filter } = known;
  return (
    <>
      <FilterProblems problems={filter.problems} />
      {view.message === undefined ? undefined : <p class="lead">{view.message}</p>}
      {view.warnings.map((warning) => (
        <p class="warning" key={warning}>
          {warning}
        </p>
      ))}
      <HeadTiles view={view} />
      <div class="cards">
        <ProgressCard known={known} />
        {view.objectives.length > 1 ? <ParetoCard known={known} /> : undefined}
        <CurvesCard known={known} />
        <RulesCard known={known} />
        {view.rungs.length > 0 ? <RungsCard view={view} /> : undefined}
        <FailuresCard known={known} />
        <ComparisonCards comparisons={view.comparisons} known={known} />
      </div>
    </>
  );
}

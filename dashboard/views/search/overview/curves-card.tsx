// Learning curves of the trials that fit the filter.
import { useMemo } from 'preact/hooks';
import { CurvesPlot } from '../../../charts/index.ts';
import { curvesOf } from '../../../figures/index.ts';
import { Card, Note } from '../../../parts/index.ts';
import type { Known } from '../known.ts';
import { openTrial } from '../opened.ts';

/** More in one chart is a blot. */
const CURVES = 150;

export const CurvesCard = ({ known }: { known: Known }) => (
  <Card title="Learning curves" height={290}>
    {() => <Curves known={known} />}
  </Card>
);

function Curves({ known }: { known: Known }) {
  const curves = useMemo(() => curvesOf(known.rows, CURVES), [known.rows]);
  if (curves.rows.length === 0) return <Note>No trial that fits has ended an epoch.</Note>;
  return (
    <>
      <CurvesPlot curves={curves} onOpen={openTrial(known)} />
      {curves.left === 0 ? undefined : (
        <Note>
          The {CURVES} that end highest; {curves.left} others are not drawn.
        </Note>
      )}
    </>
  );
}

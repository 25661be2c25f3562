// How far a network's rules are from backpropagation, layer by layer, and how its gradients vary.
import { useMemo } from 'preact/hooks';
import type { LayerCurve, ResultTrial } from '../../api.ts';
import { type Line, LinesPlot, lineColor } from '../../charts/index.ts';
import { Card, DataTable, type TableColumn } from '../../parts/index.ts';

type Alignment = NonNullable<ResultTrial['alignment']>;

interface LayerCardsProps {
  readonly layers: readonly LayerCurve[];
  readonly alignment: Alignment;
}

export function LayerCards({ layers, alignment }: LayerCardsProps) {
  const lines = useMemo(
    () => ({
      angle: linesOf(layers, ({ angle }) => angle),
      variance: linesOf(layers, ({ gradientVariance }) => gradientVariance),
    }),
    [layers],
  );
  return (
    <>
      {lines.angle.length === 0 ? undefined : (
        <Card title="Angle to the true gradient, by layer" height={260}>
          {() => (
            <LinesPlot title="angle [°]" text={(value) => value.toFixed(0)} lines={lines.angle} />
          )}
        </Card>
      )}
      {lines.variance.length === 0 ? undefined : (
        <Card title="Variance of the gradient, by layer" height={260}>
          {() => (
            <LinesPlot
              title="variance"
              text={(value) => value.toExponential(0)}
              lines={lines.variance}
              logarithmic
            />
          )}
        </Card>
      )}
      {alignment.length === 0 ? undefined : <AlignmentCard alignment={alignment} />}
    </>
  );
}

/** A line a layer, by its place; every second round of colours is dashed. */
function linesOf(
  layers: readonly LayerCurve[],
  of: (layer: LayerCurve) => Line['values'] | undefined,
): Line[] {
  return layers.flatMap((layer, k) => {
    const values = of(layer);
    const name = layer.rule === undefined ? layer.layer : `${layer.layer} (${layer.rule})`;
    if (values === undefined || values.length === 0) return [];
    return [{ name, color: lineColor(k), values, dashed: Math.floor(k / COLORS) % 2 === 1 }];
  });
}

const COLORS = 10;

const degrees = (angle: number | undefined): string =>
  angle === undefined ? '' : `${angle.toFixed(1)}°`;
const times = (ratio: number | undefined): string =>
  ratio === undefined ? '' : `${ratio.toPrecision(3)} ×`;

const COLUMNS: readonly TableColumn<Alignment[number]>[] = [
  { title: 'rule', of: ({ rule }) => rule },
  { title: 'layers', number: true, of: ({ layers }) => layers },
  { title: 'feedback to weights', number: true, of: ({ feedbackAngle }) => degrees(feedbackAngle) },
  { title: 'length of feedback', number: true, of: ({ feedbackRatio }) => times(feedbackRatio) },
  {
    title: 'gradient to the true one',
    number: true,
    of: ({ gradientAngle }) => degrees(gradientAngle),
  },
  { title: 'length of gradient', number: true, of: ({ gradientRatio }) => times(gradientRatio) },
];

const AlignmentCard = ({ alignment }: { alignment: Alignment }) => (
  <Card title="Distance to backpropagation at the end" wide>
    {() => (
      <DataTable label="By rule" columns={COLUMNS} rows={alignment} keyOf={({ rule }) => rule} />
    )}
  </Card>
);

// How a network learned: loss and accuracy by epoch.
import { useMemo } from 'preact/hooks';
import { formatLoss, formatPercent } from '../../../cli/quantities/index.ts';
import type { ResultTrial } from '../../api.ts';
import { type Line, LinesPlot, lineColor } from '../../charts/index.ts';
import { Card, Note } from '../../parts/index.ts';

type Epoch = ResultTrial['epochs'][number];

const line = (
  epochs: readonly Epoch[],
  name: string,
  {
    color,
    of,
    dashed,
  }: { color: number; dashed?: true; of: (epoch: Epoch) => number | null | undefined },
): Line[] => {
  const values = epochs.map((epoch) => of(epoch) ?? null);
  const known = values.some((value) => value !== null);
  return known ? [{ name, color: lineColor(color), values, ...(dashed ? { dashed } : {}) }] : [];
};

export function EpochCards({ epochs }: { epochs: readonly Epoch[] }) {
  const [loss, accuracy, angle] = useMemo(
    () => [
      [
        ...line(epochs, 'training', { color: 4, dashed: true, of: (epoch) => epoch.loss }),
        ...line(epochs, 'held-out', { color: 0, of: (epoch) => epoch.validationLoss }),
      ],
      [
        ...line(epochs, 'training', { color: 4, dashed: true, of: (epoch) => epoch.accuracy }),
        ...line(epochs, 'held-out', { color: 0, of: (epoch) => epoch.validationAccuracy }),
      ],
      line(epochs, 'mean over layers', { color: 2, of: (epoch) => epoch.gradientAngle }),
    ],
    [epochs],
  );
  const nothing = <Note>No epoch has ended.</Note>;
  return (
    <>
      <Card title="Accuracy" height={250}>
        {() =>
          accuracy.length === 0 ? (
            nothing
          ) : (
            <LinesPlot title="accuracy" text={formatPercent} lines={accuracy} />
          )
        }
      </Card>
      <Card title="Loss" height={250}>
        {() =>
          loss.length === 0 ? nothing : <LinesPlot title="loss" text={formatLoss} lines={loss} />
        }
      </Card>
      {angle.length === 0 ? undefined : (
        <Card title="Angle to the true gradient" height={250}>
          {() => <LinesPlot title="angle [°]" text={(value) => value.toFixed(1)} lines={angle} />}
        </Card>
      )}
    </>
  );
}

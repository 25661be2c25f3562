// How far each layer was from backpropagation, epoch by epoch: from the lines of alignment.jsonl. Pure.
import type { LayerAlignment } from '../../crds/index.ts';
import type { LayerCurve } from '../../dashboard/api.ts';

export interface MeasuredEpoch {
  readonly epoch: number;
  readonly layers: readonly LayerAlignment[];
}

interface MeasuredLayer extends LayerAlignment {
  readonly epoch: number;
}

/** From lines of alignment.jsonl to a curve a layer, in the order of the layers; null where an epoch was not measured. */
export function layerCurves(epochs: readonly MeasuredEpoch[]): LayerCurve[] {
  const measured = epochs.flatMap(({ epoch, layers }): MeasuredLayer[] =>
    layers.map((layer) => ({ ...layer, epoch })),
  );
  return [...Map.groupBy(measured, ({ layer }) => layer)].map(([layer, own]) => {
    const rule = own.at(-1)?.rule;
    const angle = curveOf(own, ({ gradientAngle }) => gradientAngle);
    const variance = curveOf(own, ({ gradientVariance }) => gradientVariance);
    return {
      layer,
      ...(rule === undefined ? {} : { rule }),
      ...(angle.length === 0 ? {} : { angle }),
      ...(variance.length === 0 ? {} : { gradientVariance: variance }),
    };
  });
}

function curveOf(
  measured: readonly MeasuredLayer[],
  of: (layer: MeasuredLayer) => number | undefined,
): (number | null)[] {
  const known = measured.flatMap((layer) => {
    const value = of(layer);
    return value === undefined ? [] : [[layer.epoch, value] as const];
  });
  const byEpoch = new Map(known);
  const last = Math.max(0, ...byEpoch.keys());
  return Array.from({ length: last }, (_, k) => byEpoch.get(k + 1) ?? null);
}

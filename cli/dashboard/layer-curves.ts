// How far each layer was from backpropagation, epoch by epoch: from the lines of alignment.jsonl. Pure.
import type { LayerAlignment } from '../../crds/index.ts';
import type { LayerCurve } from '../../dashboard/api.ts';

export interface MeasuredEpoch {
  readonly epoch: number;
  readonly layers: readonly LayerAlignment[];
}

/** From lines of alignment.jsonl to a curve a layer, in the order of the layers. */
export function layerCurves(epochs: readonly MeasuredEpoch[]): LayerCurve[] {
  const layers = new Map<string, LayerAlignment[]>();
  for (const layer of epochs.flatMap(({ layers: measured }) => measured))
    layers.set(layer.layer, [...(layers.get(layer.layer) ?? []), layer]);
  return [...layers].map(([layer, measured]) => {
    const rule = measured.at(-1)?.rule;
    const angle = measured.flatMap(({ gradientAngle }) => gradientAngle ?? []);
    const variance = measured.flatMap(({ gradientVariance }) => gradientVariance ?? []);
    return {
      layer,
      ...(rule === undefined ? {} : { rule }),
      ...(angle.length === 0 ? {} : { angle }),
      ...(variance.length === 0 ? {} : { gradientVariance: variance }),
    };
  });
}

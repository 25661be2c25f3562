// What the trials of a search measure beyond what every trial does: what its objectives and constraints name.
import type { BioNASSearchSpec, TrialSpec } from '../../../crds/index.ts';

type Asked = Pick<BioNASSearchSpec, 'objectives' | 'constraints' | 'measurement'>;

/** Fields of the spec of a search trial. */
export function measuresOf({
  objectives,
  constraints,
  measurement,
}: Asked): Partial<Pick<TrialSpec, 'measures' | 'constraints'>> {
  const named = new Set([...objectives, ...constraints].map(({ metric }) => metric));
  const { robustAccuracy, latency } = measurement;
  const offered = { robustAccuracy, latency, synflow: true, alignmentAtInit: true } as const;
  const measures = Object.fromEntries(
    Object.entries(offered).filter(([name]) => named.has(name as keyof typeof offered)),
  );
  return {
    ...(Object.keys(measures).length === 0 ? {} : { measures }),
    ...(constraints.length === 0 ? {} : { constraints }),
  };
}

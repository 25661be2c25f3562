// What a long search by regularized evolution leaves in its ledger: networks, scores and curves drawn from a seed, in their true sizes.
import type { TrialRecord } from '../../operator/reconcilers/index.ts';
import { makeEpochs } from '../../test/builders/objects.ts';
import { makeRecord } from '../../test/builders/search-result.ts';

const OPERATIONS = ['none', 'skip_connect', 'nor_conv_1x1', 'nor_conv_3x3', 'avg_pool_3x3'];
const RULES = ['BP', 'FA', 'uSF', 'brSF', 'frSF'];
const EPOCHS = 12;
const BEGIN = Date.parse('2026-01-01T00:00:00Z');

/** Numbers in [0, 1) that are the same every time (Lehmer's generator). */
function drawn(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

export function recordsOf(count: number): TrialRecord[] {
  const next = drawn(9);
  const pick = (list: readonly string[]): string => list[Math.floor(next() * list.length)] ?? '';
  const edge = (from: number) => {
    const operation = pick(OPERATIONS);
    return operation.includes('conv')
      ? `${operation}:${pick(RULES)}~${from}`
      : `${operation}~${from}`;
  };
  const sample = makeRecord(0);
  return Array.from({ length: count }, (_, index) => {
    const accuracy = Math.round(1e4 * (0.5 + 0.4 * (1 - Math.exp(-index / count)) * next())) / 1e4;
    const end = new Date(BEGIN + 15_000 * (index + 1)).toISOString();
    return {
      ...sample,
      trial: `uid-${index}`,
      name: `night-${String(index).padStart(4, '0')}`,
      index,
      seed: index,
      genotype: `nb201;${edge(0)}|${edge(0)},${edge(1)}|${edge(0)},${edge(1)},${edge(2)};rest=${pick(RULES)}`,
      ...(index < 50 ? {} : { parent: Math.floor(index * (0.9 + 0.1 * next())) - 1 }),
      objectives: [accuracy],
      startTime: new Date(BEGIN + 15_000 * index).toISOString(),
      completionTime: end,
      result: sample.result && {
        ...sample.result,
        metrics: { ...sample.result.metrics, accuracy },
        epochs: makeEpochs(EPOCHS, accuracy).map((epoch) => ({
          ...epoch,
          validationAccuracy: Math.round(1e4 * accuracy * (1 - Math.exp(-epoch.epoch / 3))) / 1e4,
        })),
      },
    };
  });
}

// Do schedulers earn their keep? Judged in simulated time, on learning curves that were written before any of them ran on it.
import { describe, expect, test } from 'vitest';
import type { Scheduling } from '../../../../crds/index.ts';
import type { EngineSpec } from '../../../../operator/search/index.ts';
import { SCHEDULERS as MEMBERS } from '../../../../operator/search/scheduling/index.ts';
import {
  type SimulatedEvent,
  type Simulation,
  simulate,
} from '../../../../operator/search/simulation/index.ts';
import { makeCurveTable } from '../../../builders/learning-curves.ts';
import { makeScheduledSpec } from '../../../builders/scheduling.ts';
import { hashScore } from '../../../builders/search.ts';
import { TABLE_SPACE } from '../../../builders/synthetic-table.ts';

const EPOCHS = 27;
const SCHEDULERS = Object.keys(MEMBERS) as (keyof typeof MEMBERS)[];
const networkOf = makeCurveTable(EPOCHS);

function simulation(scheduling: Scheduling, over: Partial<Simulation> & { seed?: number } = {}) {
  const { seed = 1, ...rest } = over;
  const spec = {
    ...makeScheduledSpec(scheduling, { epochs: EPOCHS, seed }),
    searchSpace: TABLE_SPACE,
  };
  return { spec, trials: 100, workers: 8, networkOf, ...rest };
}

const whole = ({ kind, epochs }: SimulatedEvent) => kind === 'ended' && epochs === EPOCHS;

/** Best value of random search over 100 networks, and what it cost in epochs. */
function randomSearch(seed: number) {
  const events = [...simulate(simulation({ name: 'none' }, { seed }))];
  const best = Math.max(...events.map(({ value = 0 }) => value));
  return { best, epochs: events.at(-1)?.spentEpochs ?? 0 };
}

/** Epochs after which a network that was trained to the end is as good, as a share of what random search spent. */
function shareUntilAsGood(scheduling: Scheduling, seed: number): number {
  const { best, epochs } = randomSearch(seed);
  for (const event of simulate(simulation(scheduling, { seed, trials: 1000 }))) {
    if (event.spentEpochs > epochs) break;
    if (whole(event) && (event.value ?? 0) >= best) return event.spentEpochs / epochs;
  }
  return 1;
}

test('ASHA is as good as random search after a quarter of its epochs', () => {
  const shares = Array.from({ length: 50 }, (_, seed) =>
    shareUntilAsGood({ name: 'asha' }, seed + 1),
  );
  const sorted = shares.toSorted((a, b) => a - b);
  expect(sorted[25]).toBeLessThan(0.2);
  expect(shares.filter((share) => share <= 0.25).length).toBeGreaterThanOrEqual(40);
}, 60_000);

test('random search spends the budget to the last epoch', () => {
  expect(randomSearch(1).epochs).toBe(100 * EPOCHS);
});

describe('simulated time', () => {
  const seconds = (workers: number) =>
    [...simulate(simulation({ name: 'none' }, { workers }))].at(-1)?.time ?? 0;

  test('is about an eighth with eight workers', () => {
    expect(seconds(1) / seconds(8)).toBeGreaterThan(7);
  });

  test('never runs back, and no more networks train than there are workers', () => {
    let time = 0;
    let training = 0;
    for (const event of simulate(simulation({ name: 'hyperband' }, { workers: 4 }))) {
      expect(event.time).toBeGreaterThanOrEqual(time);
      time = event.time;
      if (event.kind !== 'let go')
        training += event.kind === 'started' || event.kind === 'promoted' ? 1 : -1;
      expect(training).toBeLessThanOrEqual(4);
    }
  });
});

test('a network that fails is not tried further, and every other ends', () => {
  const failing = (genotype: string) => ({
    ...networkOf(genotype),
    ...(genotype.includes('none') ? { failsAfter: 2 } : {}),
  });
  const events = [...simulate(simulation({ name: 'asha' }, { networkOf: failing }))];
  const of = (...kinds: SimulatedEvent['kind'][]) =>
    events.filter(({ kind }) => kinds.includes(kind)).map(({ index }) => index);
  const ends = of('ended', 'failed', 'let go');
  expect(ends.toSorted((a, b) => a - b)).toEqual([...Array(100).keys()]);
  expect(of('failed').length).toBeGreaterThan(0);
});

test('the same seed gives the same search', () => {
  const run = () => [...simulate(simulation({ name: 'asha' }))];
  expect(run()).toEqual(run());
});

describe('a table that has not every network', () => {
  const known = (genotype: string) => hashScore(genotype) < 0.2;
  const some = (genotype: string) => (known(genotype) ? networkOf(genotype) : undefined);

  test.each(SCHEDULERS)('%s never hears of the others, and spends its whole budget', (name) => {
    const events = [...simulate(simulation({ name }, { networkOf: some }))];
    const started = events.filter(({ kind }) => kind === 'started');
    expect(started.every(({ genotype }) => known(genotype))).toBe(true);
    expect(started).toHaveLength(100);
    expect(events.at(-1)?.unknown).toBeGreaterThan(100);
  });

  test('passing over costs no time and no epochs', () => {
    const events = [...simulate(simulation({ name: 'none' }, { networkOf: some }))];
    expect(events.at(-1)?.spentEpochs).toBe(100 * EPOCHS);
  });

  test('a table of nothing ends the search', () => {
    expect([...simulate(simulation({ name: 'asha' }, { networkOf: () => undefined }))]).toEqual([]);
  });
});

test('later objectives steer a search that has several', () => {
  const weightOf = (genotype: string) => (genotype.match(/conv/g) ?? []).length;
  const both = (genotype: string) => ({ ...networkOf(genotype), others: [weightOf(genotype)] });
  const accurate = { metric: 'accuracy', goal: 'maximize' } as const;
  const small = { metric: 'parameters', goal: 'minimize' } as const;
  const weightAtLast = (objectives: EngineSpec['objectives']) => {
    const algorithm = { name: 'nsga2', settings: {} } as const;
    const spec = { ...simulation({ name: 'none' }).spec, objectives, algorithm };
    const of = objectives.length > 1 ? both : networkOf;
    const events = [...simulate({ spec, trials: 200, workers: 1, networkOf: of })];
    const last = events.filter(({ kind, index }) => kind === 'started' && index >= 150);
    return last.reduce((sum, { genotype }) => sum + weightOf(genotype), 0) / last.length;
  };
  expect(weightAtLast([accurate, small])).toBeLessThan(weightAtLast([accurate]) - 0.5);
});

// A search that begins from another one: what it takes, once, and what it says where it cannot.
import { describe, expect, test } from 'vitest';
import { type Objective, printGenotype } from '../../../../crds/index.ts';
import type { OtherSearch } from '../../../../operator/reconcilers/index.ts';
import { TerminalError } from '../../../../operator/runtime/index.ts';
import { Random } from '../../../../operator/search/index.ts';
import { sampleGenotype } from '../../../../operator/search/variation/index.ts';
import { makeSpace } from '../../../builders/genotype.ts';
import { many, SearchWorld } from './search-world.ts';

const HOUR = 3_600_000;
const space = makeSpace({ kind: 'nb201' });
const random = Random.fromSeed(7);
const NETWORKS = [0, 1, 2, 3].map((i) =>
  printGenotype(sampleGenotype(space, random.split(`${i}`))),
);

const TWO = [
  { metric: 'accuracy', goal: 'maximize' },
  { metric: 'parameters', goal: 'minimize' },
] satisfies Objective[];

const other = (fields: Partial<OtherSearch> = {}): OtherSearch => ({
  name: 'day',
  namespace: 'default',
  uid: 'day-uid',
  settled: true,
  objectives: TWO,
  scored: [],
  best: NETWORKS.slice(0, 3),
  pareto: [NETWORKS[3]!, NETWORKS[1]!],
  ...fields,
});

function worldWith(
  warmStart: Record<string, unknown>,
  found: OtherSearch | { readonly missing: string } = other(),
  spec: Record<string, unknown> = {},
) {
  const world = new SearchWorld({ ...many, parallelism: 4, warmStart, ...spec });
  const asked: unknown[] = [];
  world.others = {
    find: async (...of) => {
      asked.push(of);
      return found;
    },
  };
  world.restart();
  const finds = (next: typeof found) => {
    found = next;
  };
  return { world, asked, finds };
}

const genotypes = ({ trials }: SearchWorld) =>
  [...trials.objects.values()].map(({ spec }) => spec.genotype);

describe('proposes first', () => {
  test.each([
    ['its best networks', {}, NETWORKS.slice(0, 3)],
    ['as many as it counts', { count: 2 }, NETWORKS.slice(0, 2)],
    ['its Pareto set', { take: 'pareto' }, [NETWORKS[3], NETWORKS[1]]],
  ])('%s', async (_what, search, want) => {
    const { world } = worldWith({ search: { name: 'day', ...search } });
    await world.reconcile();
    expect(genotypes(world).slice(0, want.length)).toEqual(want);
    expect(genotypes(world)).toHaveLength(4);
    const [first] = world.trials.objects.values();
    expect(first?.spec.variation).toBe('warm start');
  });

  test('what the spec names itself, then what it takes, each once', async () => {
    const own = [NETWORKS[2]!, NETWORKS[3]!];
    const { world } = worldWith({ genotypes: own, search: { name: 'day' } });
    await world.reconcile();
    expect(genotypes(world)).toEqual([...own, NETWORKS[0], NETWORKS[1]]);
  });
});

test('what was taken is the first record, and nobody asks again, whatever becomes of the other', async () => {
  const { world, asked, finds } = worldWith({ search: { name: 'day' } });
  await world.reconcile();
  expect(asked).toEqual([
    [
      { namespace: 'default', name: 'day' },
      { namespace: 'default', take: 'best' },
    ],
  ]);
  expect(world.taken).toMatchObject([
    {
      from: { name: 'day', namespace: 'default', uid: 'day-uid' },
      genotypes: NETWORKS.slice(0, 3),
    },
  ]);
  finds({ missing: 'is gone' });
  await world.run(4);
  world.restart();
  await world.run(5, 4);
  expect(asked).toHaveLength(1);
  expect(world.why('Completed')).toBe('True BudgetSpent');
  expect(world.records).toHaveLength(9);
});

test('another namespace is asked for by name', async () => {
  const { world, asked } = worldWith({ search: { name: 'day', namespace: 'lab' } });
  await world.reconcile();
  expect(asked).toEqual([
    [
      { namespace: 'lab', name: 'day' },
      { namespace: 'default', take: 'best' },
    ],
  ]);
});

describe('a ledger', () => {
  const objectives = TWO.slice(0, 1);
  const told = NETWORKS.map((genotype, i) => ({ genotype, objectives: [i / 10] }));
  const algorithm = { name: 'regularized-evolution', settings: { population: 4, sample: 4 } };
  const begin = (found = other({ objectives, scored: told }), spec = {}) =>
    worldWith({ search: { name: 'day', take: 'ledger' } }, found, {
      algorithm,
      objectives,
      ...spec,
    });

  test('is told to the algorithm, which breeds from it at once and trains none of it again', async () => {
    const { world } = begin();
    await world.reconcile();
    expect(world.taken).toMatchObject([{ genotypes: [], told }]);
    const specs = [...world.trials.objects.values()].map(({ spec }) => spec);
    expect(specs).toHaveLength(4);
    for (const { genotype, parent, variation } of specs) {
      expect(NETWORKS).not.toContain(genotype);
      expect(parent).toBeUndefined();
      expect(variation).toMatch(/, of network [1-4] taken$/);
    }
  });

  test('is replayed after a restart, from the record alone', async () => {
    const { world, asked, finds } = begin();
    await world.run(5);
    finds({ missing: 'is gone' });
    world.restart();
    await world.run(4, 5);
    expect(asked).toHaveLength(1);
    expect(world.why('Completed')).toBe('True BudgetSpent');
  });

  test('that is longer than a record leaves its oldest results out', async () => {
    const scored = Array.from({ length: 9000 }, (_, i) => told[i % 4]!);
    const { world } = begin(other({ objectives, scored }));
    await world.reconcile();
    const kept = world.taken[0]?.told ?? [];
    expect(kept.length).toBeGreaterThan(3000);
    expect(kept).toEqual(scored.slice(-kept.length));
    expect(JSON.stringify(world.taken[0]).length).toBeLessThan(750_000);
  });

  test.each([
    [
      'of other objectives',
      other({ scored: told }),
      /was to maximize accuracy, minimize parameters, and this search is to maximize accuracy: take best/,
    ],
    ['without a score', other({ objectives }), /without a network that has a score/],
  ])('%s cannot be told', async (_what, found, message) => {
    const { world } = begin(found);
    await world.reconcile();
    expect(world.why('Failed')).toBe('True WarmStartFailed');
    expect(world.status.conditions[0]?.message).toMatch(message);
  });

  test('with a network that is none of the search space is refused', async () => {
    const { world } = begin(undefined, { searchSpace: { kind: 'fixed', network: 'lenet' } });
    await expect(world.reconcile()).rejects.toThrow(
      /network 1 of its ledger: expected a network of/,
    );
  });
});

describe('waits, and says so', () => {
  test.each([
    ['for one that is not there', { missing: 'is not there' }, 'default/day: is not there'],
    ['for one that has not ended', other({ settled: false }), 'default/day: has not ended'],
  ])('%s', async (_what, found, message) => {
    const { world, finds } = worldWith({ search: { name: 'day' } }, found);
    expect(await world.reconcile()).toEqual({ requeueAfter: 10_000 });
    expect(world.why('Ready')).toBe('False WarmStartPending');
    expect(world.status.conditions[0]?.message).toBe(`spec.warmStart.search: ${message}`);
    const { length } = world.calls;
    await world.clock.advance(10_000);
    await world.reconcile();
    expect(world.calls.slice(length)).toEqual(['read ledger']);
    expect(world.names).toEqual([]);
    finds(other());
    await world.reconcile();
    expect(world.why('Ready')).toBe('True Searching');
    expect(genotypes(world)[0]).toBe(NETWORKS[0]);
  });
});

describe('fails', () => {
  test('where the other is not there for an hour', async () => {
    const { world } = worldWith({ search: { name: 'day' } }, { missing: 'is not there' });
    await world.reconcile();
    await world.clock.advance(HOUR);
    expect(await world.reconcile()).toEqual({});
    expect(world.why('Failed')).toBe('True WarmStartFailed');
    expect(world.status).toMatchObject({ phase: 'Failed', completionTime: expect.any(String) });
    expect(world.happenings).toEqual(['Warning WarmStartFailed of night']);
  });

  test('never where it runs for longer', async () => {
    const { world } = worldWith({ search: { name: 'day' } }, other({ settled: false }));
    await world.clock.advance(100 * HOUR);
    expect(await world.reconcile()).toEqual({ requeueAfter: 10_000 });
  });

  test.each([
    ['that ended with nothing', {}, other({ best: [] }), /without a network that has a score/],
    [
      'of one objective, for a Pareto set',
      { take: 'pareto' },
      other({ objectives: TWO.slice(0, 1), pareto: [] }),
      /one objective/,
    ],
    ['that is itself', {}, other({ uid: 'night-uid' }), /is this search itself/],
  ])('at once for one %s', async (_what, search, found, message) => {
    const { world } = worldWith({ search: { name: 'day', ...search } }, found);
    await world.reconcile();
    expect(world.why('Failed')).toBe('True WarmStartFailed');
    expect(world.status.conditions[0]?.message).toMatch(message);
    expect(world.taken).toEqual([]);
  });

  test('where a network is none of the search space, and keeps nothing of it', async () => {
    const lenet = 'lenet;conv2=BP,conv3=BP,fc1=BP,fc2=BP';
    const { world } = worldWith(
      { search: { name: 'day' } },
      other({ best: [NETWORKS[0]!, lenet] }),
    );
    await expect(world.reconcile()).rejects.toThrow(TerminalError);
    expect(world.why('Ready')).toBe('False InvalidSpec');
    expect(world.status.conditions[0]?.message).toMatch(
      /network 2 of day: expected a network of searchSpace/,
    );
    expect(world.taken).toEqual([]);
  });
});

test('a ledger that was lost with what was taken: the search goes on from its Trials', async () => {
  const { world, asked } = worldWith({ search: { name: 'day' } });
  await world.reconcile();
  await world.ledger.forget('night-uid');
  world.restart();
  await world.run(9);
  expect(asked).toHaveLength(1);
  expect(world.happenings).toContain('Warning LedgerLost of night');
  expect(world.status.trials).toMatchObject({ succeeded: 9 });
});

test('a crash between the record and the first proposal changes nothing', async () => {
  const { world, asked } = worldWith({ search: { name: 'day' } });
  world.fate = (call) => (call === 'append' ? 'crash after' : 'go');
  await expect(world.reconcile()).rejects.toThrow('after append');
  world.fate = () => 'go';
  world.restart();
  await world.reconcile();
  expect(asked).toHaveLength(1);
  expect(genotypes(world).slice(0, 3)).toEqual(NETWORKS.slice(0, 3));
});

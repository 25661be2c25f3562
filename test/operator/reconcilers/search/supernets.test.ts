// A search by supernets: its Trials derive networks, and those are what it finds and trains at last.
import { describe, expect, test } from 'vitest';
import { type LearningRuleName, printGenotype, problemsOf } from '../../../../crds/index.ts';
import { makeDarts } from '../../../builders/genotype.ts';
import { convertedTo } from '../../../builders/networks.ts';
import { makeResult } from '../../../builders/objects.ts';
import { SearchWorld } from './search-world.ts';

const spec = {
  searchSpace: { kind: 'darts', conversion: 'partial', learningRules: ['FA', 'uSF'], channels: 8 },
  algorithm: { name: 'darts', settings: { partialChannels: 4 } },
  budget: { trials: 3 },
  parallelism: 3,
  final: { topK: 2, controls: { rules: ['BP'] } },
};
/** Every edge by one rule, the rest by backpropagation. */
const all = (rule: LearningRuleName): string =>
  convertedTo(rule, printGenotype(makeDarts()), ['uSF']);
const A = all('FA');
const B = all('uSF');

const nameOf = (index: number) => `night-000${index}`;
const trialOf = (world: SearchWorld, name: string) => world.trials.objects.get(`default/${name}`);

/** Ends the supernet with what it derived. */
function derive(world: SearchWorld, index: number, genotype: string, accuracy: number): void {
  const result = makeResult({ accuracy });
  world.end(nameOf(index), {
    result: { ...result, supernet: { genotype, epoch: 2, parameters: 9 } },
  });
}

async function searched(): Promise<SearchWorld> {
  const world = new SearchWorld(spec);
  await world.reconcile();
  derive(world, 0, A, 0.5);
  derive(world, 1, B, 0.7);
  derive(world, 2, B, 0.6);
  await world.reconcile();
  return world;
}

test('every trial is a supernet over the candidates of the search, with a seed of its own', async () => {
  const world = new SearchWorld(spec);
  await world.reconcile();
  expect(world.names).toEqual([0, 1, 2].map(nameOf));
  const trials = world.names.map((name) => trialOf(world, name));
  for (const trial of trials) expect(problemsOf('Trial', trial)).toEqual([]);
  expect(trials[1]?.spec).toMatchObject({
    kind: 'Supernet',
    genotype: 'supernet 1',
    supernet: { learningRules: ['FA', 'uSF'], partialChannels: 4, none: true, warmupEpochs: 0 },
    shape: { channels: 8 },
  });
  expect(new Set(trials.map((trial) => trial?.spec.seed)).size).toBe(3);
});

test('where alpha evolves, the supernet says how, and mixes no zeros', async () => {
  const settings = { warmupEpochs: 2, population: 9 };
  const world = new SearchWorld({
    ...spec,
    algorithm: { name: 'eg', settings },
    training: { epochs: 4 },
  });
  await world.reconcile();
  const trial = trialOf(world, nameOf(0));
  expect(problemsOf('Trial', trial)).toEqual([]);
  expect(trial?.spec.supernet).toMatchObject({
    ...{ none: false, partialChannels: 4, warmupEpochs: 2 },
    evolution: { samples: 3, population: 9, generations: 5, alphaStep: 0.1, literal: false },
  });
});

test('where single paths are trained, the supernet says how they are searched among', async () => {
  const settings = { search: 'random', population: 9, maximumSkips: 2 };
  const world = new SearchWorld({ ...spec, algorithm: { name: 'one-shot', settings } });
  await world.reconcile();
  const trial = trialOf(world, nameOf(0));
  expect(problemsOf('Trial', trial)).toEqual([]);
  expect(trial?.spec.supernet).toMatchObject({
    ...{ none: false, partialChannels: 1, maximumSkips: 2 },
    singlePath: { search: 'random', population: 9, generations: 20, parents: 10, mutation: 0.1 },
  });
  expect(trial?.spec.supernet?.evolution).toBeUndefined();
});

test('what was derived is best, and its networks are trained at last, each once, with their controls', async () => {
  const world = await searched();
  expect(world.status.best.map(({ index, genotype }) => [index, genotype])).toEqual([
    [1, B],
    [2, B],
    [0, A],
  ]);
  const finals = [...world.trials.objects.values()].filter(
    ({ spec: { purpose } }) => purpose === 'Final',
  );
  expect(
    finals.map(({ spec: { kind, genotype, supernet } }) => [kind, genotype, supernet]),
  ).toEqual([B, A, all('BP')].map((genotype) => ['Train', genotype, undefined]));
});

describe('an operator that starts anew', () => {
  test('replays a search by supernets, proposals and results', async () => {
    const world = await searched();
    const before = world.calls.length;
    world.restart();
    await world.reconcile();
    expect(world.calls.slice(before).filter((call) => call.startsWith('create'))).toEqual([]);
    expect(world.status.phase).toBe('Finalizing');
  });

  test('makes a supernet again whose Trial was deleted', async () => {
    const world = new SearchWorld(spec);
    await world.reconcile();
    const gone = trialOf(world, nameOf(1));
    if (gone === undefined) throw new Error('no trial');
    world.trials.change(gone, false, true);
    world.restart();
    await world.reconcile();
    expect(trialOf(world, nameOf(1))?.spec).toEqual(gone.spec);
  });

  test('whose ledger was lost goes on from the Trials', async () => {
    const world = new SearchWorld({ ...spec, parallelism: 1 });
    await world.reconcile();
    derive(world, 0, A, 0.5);
    await world.reconcile();
    expect(trialOf(world, nameOf(1))?.spec.proposedAfter).toBe(1);
    world.ledger.entries.length = 0;
    world.trials.change({ ...trialOf(world, nameOf(0))! }, false, true);
    world.restart();
    await world.reconcile();
    expect(world.names).toContain(nameOf(1));
    derive(world, 1, B, 0.7);
    await world.clock.advance(1000);
    await world.reconcile();
    expect(world.status.best.map(({ genotype }) => genotype)).toContain(B);
  });
});

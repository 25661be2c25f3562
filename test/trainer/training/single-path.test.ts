// Single paths in float64: a step is that of the mixture whose shares are all on the path, and nothing else learns. And the search among
// paths as pure numbers.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type DartsOperation,
  genotypeInSpace,
  type LearningRuleName,
  parseGenotype,
  printGenotype,
  SearchSpace,
  Supernet,
} from '../../../crds/index.ts';
import { createReferenceExecutor, type Tensors } from '../../../trainer/executors/index.ts';
import {
  buildSinglePaths,
  buildSupernet,
  CELL_KINDS,
  deriveGenotype,
  EDGES,
  type SupernetCandidate,
  type SupernetPlan,
} from '../../../trainer/network/index.ts';
import { Random } from '../../../trainer/random.ts';
import { buildSupernetProgram } from '../../../trainer/training/supernet/index.ts';
import {
  drawGenes,
  type Genes,
  genotypeOf,
  pathOf,
} from '../../../trainer/training/supernet/single-path/genes.ts';
import {
  buildSinglePathProgram,
  pathInputs,
} from '../../../trainer/training/supernet/single-path/program.ts';
import { searchPaths } from '../../../trainer/training/supernet/single-path/search-paths.ts';
import { randomValues } from '../../builders/networks.ts';
import { inFloat64 } from '../../builders/probe.ts';
import { candidates, makeSupernetPlan } from '../../builders/supernet.ts';
import { distance, tensorOf } from '../../builders/tensors.ts';
import { makeTrialSpec } from '../../builders/training.ts';

const BATCH = 2;
const OPERATIONS: DartsOperation[] = ['skip_connect', 'max_pool_3x3', 'dil_conv_3x3'];

function programs(
  rules: LearningRuleName[],
  operations = OPERATIONS,
  { weightDecay = 0, ...size }: Partial<SupernetPlan> & { weightDecay?: number } = {},
) {
  const [none, ...others] = candidates(rules, operations);
  const { training } = makeTrialSpec({
    batchSize: BATCH,
    optimizer: { learningRate: 0.1, momentum: 0, weightDecay },
    regularisation: { gradientClip: 0.5 },
  });
  const mixed = makeSupernetPlan({ candidates: others, ...size });
  const { task } = mixed;
  const statistics = { mean: [0.5], deviation: [0.25] };
  const plan = { task, statistics, training, evaluationBatch: BATCH };
  const all = { ...mixed, candidates: [none!, ...others] };
  const settings = Supernet.parse({ learningRules: rules, evolution: {} });
  return {
    paths: buildSinglePathProgram({ ...plan, paths: buildSinglePaths(mixed) }),
    mixture: buildSupernetProgram({
      ...plan,
      supernet: buildSupernet(all),
      candidates: all.candidates.length,
      settings,
    }),
    genes: drawGenes(others.length, Random.fromSeed(5)),
    n: others.length,
  };
}

const INPUTS: Tensors = {
  pictures: {
    dtype: 'uint8',
    shape: [BATCH, 4, 4, 1],
    data: Uint8Array.from({ length: BATCH * 16 }, (_, i) => (i * 37 + 11) % 256),
  },
  labels: { dtype: 'int32', shape: [BATCH], data: Int32Array.of(0, 2) },
  key: { dtype: 'int32', shape: [2], data: Int32Array.of(1, 0) },
  rate: tensorOf([0.1], []),
};

/** Alpha that has all shares on the path; the first candidate adds zeros. */
function alphasOf(genes: Genes, n: number): Tensors {
  const path = pathOf(genes);
  const far = (at: number) => Array.from({ length: n + 1 }, (_, k) => (k === at + 1 ? 1000 : 0));
  return Object.fromEntries(
    CELL_KINDS.map((kind) => [`alphas/${kind}`, tensorOf(path[kind].flatMap(far), [EDGES, n + 1])]),
  );
}

async function stepped(program: ReturnType<typeof programs>['paths'], more: Tensors, own: Tensors) {
  const session = await createReferenceExecutor().open(program.program);
  const values = inFloat64(randomValues(program.variables.all));
  await session.write({ ...values, ...own });
  const outputs = await session.run('train', { ...INPUTS, ...more });
  return { before: values, outputs, after: await session.read() };
}

describe('a step', () => {
  test.each<[string, LearningRuleName[], Partial<SupernetPlan>]>([
    ['under backpropagation', ['BP'], {}],
    ['under rules with feedback weights', ['FA', 'brSF', 'uSF'], {}],
    [
      'of partial channels',
      ['FA', 'uSF'],
      { shape: { cells: 3, channels: 4 }, partialChannels: 2 },
    ],
  ])('%s is that of the mixture that is all on the path', async (_, rules, size) => {
    const { paths, mixture, genes, n } = programs(rules, OPERATIONS, size);
    const one = await stepped(paths, pathInputs(pathOf(genes)), {});
    const all = await stepped(mixture, {}, alphasOf(genes, n));
    expect(one.outputs['loss']?.data[0]).toBeCloseTo(all.outputs['loss']?.data[0] ?? NaN, 10);
    for (const { name } of paths.variables.parameters)
      expect(distance(one.after[name]!, all.after[name]!), name).toBeLessThan(1e-9);
  });

  test.each<[string, LearningRuleName[], DartsOperation[]]>([
    ['rules with feedback weights', ['FA', 'KP', 'WM'], OPERATIONS],
    ['rules that hear the error or the labels', ['DFA', 'DRTP'], OPERATIONS],
    ['a rule of a further pass', ['PEPITA', 'FA'], OPERATIONS],
    ['local operations', ['FA'], ['skip_connect', 'softhebb_conv_3x3', 'dil_conv_3x3']],
  ])('under %s changes nothing that is not on the path', async (_, rules, operations) => {
    const { paths, genes } = programs(rules, operations, { weightDecay: 0.1 });
    const { before, after } = await stepped(paths, pathInputs(pathOf(genes)), {});
    const moved = paths.variables.all
      .map(({ name }) => name)
      .filter((name) => distance(before[name]!, after[name]!) > 0);
    const taken = edgesOf(genes, candidates(rules, operations).slice(1));
    const ofEdges = moved.filter((name) => /node\d\/from\d/.test(name));
    for (const name of ofEdges)
      expect(
        taken.some((edge) => name.startsWith(edge)),
        name,
      ).toBe(true);
    for (const edge of taken.filter((each) => each.includes('dil_conv')))
      expect(moved, edge).toContain(`${edge}pointwise/weight`);
    expect(moved).toContain('stem/conv/weight');
  });
});

/** Where the candidates that are taken keep their variables; of three cells the first is normal. */
function edgesOf(genes: Genes, of: readonly SupernetCandidate[]): string[] {
  const { normal, reduce } = genotypeOf(genes, { candidates: of, rest: 'BP' });
  return [normal, reduce, reduce].flatMap((nodes, cell) =>
    nodes.flatMap((edges, i) =>
      edges.map(({ operation, rule, from }) => {
        const name = rule === undefined ? operation : `${operation}/${rule}`;
        return `cell${cell}/node${i + 2}/from${from}/${name}/`;
      }),
    ),
  );
}

describe('genes', () => {
  const rules: LearningRuleName[] = ['FA', 'uSF'];
  const own = candidates(rules).slice(1);
  const space = SearchSpace.parse({
    kind: 'darts',
    conversion: 'partial',
    learningRules: rules,
    channels: 4,
  });
  const of = { candidates: own, rest: 'BP' } as const;

  test('are a network of the space, and alpha that is all on their path derives it', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const genes = drawGenes(own.length, Random.fromSeed(seed));
        const text = printGenotype(genotypeOf(genes, of));
        expect(genotypeInSpace(parseGenotype(text), space)).toBeUndefined();
        const path = pathOf(genes);
        const alpha = (row: readonly number[]) =>
          row.flatMap((k) => own.map((_, i) => (i === k ? 1 : 0)));
        const alphas = { normal: alpha(path.normal), reduce: alpha(path.reduce) };
        expect(printGenotype(deriveGenotype(alphas, of))).toBe(text);
      }),
    );
  });

  test('take two edges of each node', () => {
    const { normal, reduce } = pathOf(drawGenes(own.length, Random.fromSeed(1)));
    for (const row of [normal, reduce]) expect(row.filter((each) => each >= 0)).toHaveLength(8);
  });
});

describe('the search among paths', () => {
  const settings = Supernet.parse({
    learningRules: ['BP'],
    singlePath: { population: 10, generations: 8, parents: 4 },
  }).singlePath!;
  const CANDIDATES = 7;
  /** Better, the more genes are 0. */
  const accuracyOf = (genes: Genes) => genes.filter((gene) => gene === 0).length / genes.length;
  const search = (seed: number, kind: 'evolution' | 'random') => ({
    settings: { ...settings, search: kind },
    candidates: CANDIDATES,
    isAllowed: (genes: Genes) => genes[1] !== 3,
    random: Random.fromSeed(seed),
  });

  test.each(['evolution', 'random'] as const)(
    'by %s judges each path once, and none that is not allowed',
    async (kind) => {
      const asked: string[] = [];
      const found = await searchPaths(search(1, kind), async (genes) => {
        asked.push(genes.join());
        return accuracyOf(genes);
      });
      expect(asked).toHaveLength(80);
      expect(new Set(asked).size).toBe(80);
      expect(asked.every((each) => each.split(',')[1] !== '3')).toBe(true);
      const accuracies = found?.map(({ accuracy }) => accuracy) ?? [];
      expect(accuracies).toEqual(accuracies.toSorted((a, b) => b - a));
    },
  );

  test('evolution finds better paths than as many random ones', async () => {
    const best = async (seed: number, kind: 'evolution' | 'random') =>
      (await searchPaths(search(seed, kind), async (genes) => accuracyOf(genes)))?.[0]?.accuracy ??
      0;
    for (const seed of [1, 2, 3, 4, 5])
      expect(await best(seed, 'evolution')).toBeGreaterThan(await best(seed, 'random'));
  });

  test('ends where every path of a small space is judged', async () => {
    // Of one candidate, whose paths differ in their edges alone: 3 * 6 of each cell.
    const small = {
      ...search(1, 'evolution'),
      settings: { ...settings, generations: 60 },
      candidates: 1,
      isAllowed: (genes: Genes) => genes[9] === 0 && genes[21] === 0,
    };
    const found = (await searchPaths(small, async () => 0.5)) ?? [];
    expect(found.length).toBeGreaterThan(150);
    expect(found.length).toBeLessThanOrEqual(18 ** 2);
  });

  test('stops where the judge is asked to end', async () => {
    let left = 13;
    const found = searchPaths(search(1, 'evolution'), async () => (left-- > 0 ? 0.1 : undefined));
    expect(await found).toBeUndefined();
  });
});

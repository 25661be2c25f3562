// Search spaces: which genotypes they hold, and how many.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  DARTS_EDGES,
  type Genotype,
  genotypeInSpace,
  LEARNING_RULES,
  NB201_EDGES,
  NB201_OPERATIONS,
  printGenotype,
  type SearchSpace,
  spaceSize,
  takesRule,
} from '../../crds/index.ts';
import {
  genotypes,
  genotypesIn,
  makeDarts,
  makeFixed,
  makeNb201,
  makeSpace,
} from '../builders/genotype.ts';

const BIO = ['FA', 'uSF', 'brSF', 'frSF'] as const;
const ALL = { darts: [...DARTS_EDGES], nb201: [...NB201_EDGES] };

describe('the size of a space', () => {
  test.each<[string, Partial<SearchSpace>, number]>([
    ['NAS-Bench-201 without a choice of rules', { kind: 'nb201', learningRules: ['BP'] }, 15_625],
    ['NAS-Bench-201, 4 rules on the edges', { kind: 'nb201', learningRules: [...BIO] }, 1.77e6],
    ['NAS-Bench-201, 5 rules on the edges', { kind: 'nb201' }, 4.83e6],
    ['DARTS without a choice of rules', { learningRules: ['BP'] }, 1.08e18],
    ['DARTS, 4 rules on the edges', { learningRules: [...BIO] }, 9.3e24],
    [
      'ResNet-20, 4 rules',
      { kind: 'fixed', network: 'resnet20', learningRules: [...BIO] },
      4 ** 19,
    ],
  ])('%s: %o', (_story, overrides, want) => {
    const size = Number(spaceSize(makeSpace({ conversion: 'partial', ...overrides })));
    expect(Math.abs(size / want - 1)).toBeLessThan(0.006);
  });

  test('full conversion multiplies by the rules of the rest', () => {
    const partial = makeSpace({ kind: 'nb201', conversion: 'partial' });
    expect(spaceSize({ ...partial, conversion: 'full' })).toBe(5n * spaceSize(partial));
  });

  test('what learns locally counts once, where it is named', () => {
    const [conv, both] = [
      ['nor_conv_3x3'],
      ['nor_conv_3x3', 'hebbian_conv_3x3', 'softhebb_conv_3x3'],
    ];
    const sizeOf = (operations: string[]) =>
      spaceSize(makeSpace({ kind: 'nb201', conversion: 'partial', operations }));
    expect([sizeOf(conv), sizeOf(both)]).toEqual([5n ** 6n, 7n ** 6n]);
  });

  test('names given twice count once', () => {
    const space = makeSpace({ kind: 'nb201', learningRules: ['FA'], operations: ['none'] });
    const twice = makeSpace({
      kind: 'nb201',
      learningRules: ['FA', 'FA'],
      operations: ['none', 'none'],
    });
    expect(spaceSize(twice)).toBe(spaceSize(space));
  });

  test('it is the number of different texts', () => {
    const space = makeSpace({
      kind: 'nb201',
      operations: ['none', 'nor_conv_1x1'],
      learningRules: ['FA', 'BP'],
    });
    const edges = NB201_OPERATIONS.filter((name) => space.operations?.includes(name)).flatMap(
      (operation) =>
        (takesRule(operation) ? ['FA', 'BP'] : ['FA', 'BP', 'uSF']).map((rule) => ({
          operation,
          rule,
        })),
    );
    const texts = new Set<string>();
    const build = (chosen: typeof edges): void => {
      if (chosen.length < 6) {
        for (const edge of edges) build([...chosen, edge]);
        return;
      }
      const [a, b, c, d, e, f] = chosen;
      for (const rest of ['FA', 'BP']) {
        const genotype = { kind: 'nb201', nodes: [[a], [b, c], [d, e, f]], rest };
        texts.add(printGenotype(genotype as unknown as Genotype));
      }
    };
    build([]);
    expect(BigInt(texts.size)).toBe(spaceSize(space));
  });
});

describe('membership', () => {
  const spaces: SearchSpace[] = [
    makeSpace({ operations: ['skip_connect', 'sep_conv_3x3'], learningRules: ['uSF', 'FA'] }),
    makeSpace({ kind: 'nb201', conversion: 'partial', learningRules: ['FA'] }),
    makeSpace({ kind: 'nb201', operations: ['none', 'hebbian_conv_3x3', 'nor_conv_1x1'] }),
    makeSpace({ kind: 'fixed', network: 'lenet', learningRules: ['BP', 'brSF'] }),
  ];

  test.each(spaces)('$kind of $operations holds what is made of its choices', async (space) => {
    await fc.assert(
      fc.property(genotypesIn(space), (genotype) => {
        expect(genotypeInSpace(genotype, space)).toBeUndefined();
      }),
    );
  });

  test('a space with everything holds every genotype of its family', async () => {
    await fc.assert(
      fc.property(genotypes(), (genotype) => {
        const everything =
          genotype.kind === 'fixed'
            ? { network: genotype.network }
            : { operations: ALL[genotype.kind] };
        const space = makeSpace({
          kind: genotype.kind,
          learningRules: [...LEARNING_RULES],
          ...everything,
        });
        expect(genotypeInSpace(genotype, space)).toBeUndefined();
      }),
    );
  });

  test.each<[Genotype, Partial<SearchSpace>, string]>([
    [makeNb201(), {}, 'family nb201 is not darts'],
    [
      makeDarts(),
      { operations: ['skip_connect'] },
      'normal, node 2: operation sep_conv_3x3 is not among skip_connect',
    ],
    [
      makeNb201({ operation: 'hebbian_conv_3x3' }),
      { kind: 'nb201' },
      'node 1: operation hebbian_conv_3x3 is not among none, skip_connect, nor_conv_1x1, nor_conv_3x3, avg_pool_3x3',
    ],
    [makeDarts(), { learningRules: ['FA', 'BP'] }, 'normal, node 2: rule uSF is not among FA, BP'],
    [makeDarts({ rest: 'FA' }), { learningRules: ['uSF'] }, 'rest: rule FA is not among uSF'],
    [
      makeDarts({ rest: 'FA' }),
      { conversion: 'partial' },
      'rest: partial conversion leaves the rest to BP, not FA',
    ],
    [makeNb201(), { kind: 'nb201', learningRules: ['BP'] }, 'node 1: rule FA is not among BP'],
    [makeFixed('lenet'), { kind: 'fixed', network: 'resnet20' }, 'network lenet is not resnet20'],
    [
      makeFixed('lenet', 'FA'),
      { kind: 'fixed', network: 'lenet', learningRules: ['BP'] },
      'conv2: rule FA is not among BP',
    ],
  ])('refused: $kind, %o: %s', (genotype, overrides, reason) => {
    expect(genotypeInSpace(genotype, makeSpace(overrides))).toBe(reason);
  });

  test('a rule on an operation without weights does not matter', () => {
    const genotype = makeNb201({ operation: 'skip_connect', rule: 'uSF' });
    const space = makeSpace({ kind: 'nb201', learningRules: ['BP'] });
    expect(genotypeInSpace(genotype, space)).toBeUndefined();
  });
});

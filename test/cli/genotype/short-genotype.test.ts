// Genotypes as people see them: shorter, with nothing left out, and as diagrams.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawingOf, rulesIn, shortGenotype } from '../../../cli/genotype/index.ts';
import { LEARNING_RULES } from '../../../crds/index.ts';
import { CELLS } from '../../builders/search-result.ts';

const [NB201] = CELLS;
const DARTS =
  readFileSync(new URL('../../../examples/genotypes/biodarts.txt', import.meta.url), 'utf8')
    .split('\n')
    .find((line) => line.startsWith('darts;')) ?? '';
const LOCAL =
  NB201?.replace('avg_pool_3x3', 'hebbian_conv_3x3').replace('none', 'softhebb_conv_3x3') ?? '';
const LENET = 'lenet;conv2=uSF,conv3=FA,fc1=brSF,fc2=frSF';

test.each([
  [NB201, 'avg3 | c3:FA c3:uSF | c1:frSF - skip, rest BP'],
  [LENET, 'lenet conv2:uSF conv3:FA fc1:brSF fc2:frSF'],
  [LOCAL, 'hebb3 | c3:FA c3:uSF | c1:frSF soft3 skip, rest BP'],
])('%s', (text, short) => {
  expect(shortGenotype(text)).toBe(short);
});

test('a DARTS cell names operation, rule and origin of every edge', () => {
  expect(shortGenotype(DARTS)).toMatch(
    /^normal skip~0 skip~1 \| sep3:frSF~1 .*; reduce .*rest BP$/,
  );
});

test.each([
  [NB201, ['FA', 'uSF', 'frSF', 'BP']],
  [LENET, ['uSF', 'FA', 'brSF', 'frSF']],
  [LOCAL, ['FA', 'uSF', 'frSF', 'BP']],
])('the rules of %s', (text, rules) => {
  expect(rulesIn(text)).toEqual(rules);
});

test('a supernet that has derived nothing yet is its number, and has no rules', () => {
  expect(shortGenotype('supernet 3')).toBe('supernet 3');
  expect(rulesIn('supernet 3')).toEqual([]);
});

test('distinct networks have distinct short texts', () => {
  const rule = fc.constantFrom(...LEARNING_RULES);
  const layers = fc.tuple(rule, rule, rule, rule);
  const text = (rules: readonly string[]) =>
    `lenet;${['conv2', 'conv3', 'fc1', 'fc2'].map((name, k) => `${name}=${rules[k]}`).join(',')}`;
  fc.assert(
    fc.property(layers, layers, (a, b) => {
      const same = text(a) === text(b);
      expect(shortGenotype(text(a)) === shortGenotype(text(b))).toBe(same);
    }),
  );
});

describe('diagrams', () => {
  test.each([
    ['NAS-Bench-201: four nodes, six edges', NB201, [[4, 6]]],
    [
      'DARTS: two cells of seven nodes, eight edges and four to the output',
      DARTS,
      [
        [7, 12],
        [7, 12],
      ],
    ],
  ])('%s', (_, text, sizes) => {
    const drawn = drawingOf(text).diagrams.flatMap((diagram) =>
      diagram.kind === 'cell' ? [[diagram.nodes.length, diagram.edges.length]] : [],
    );
    expect(drawn).toEqual(sizes);
    expect(drawingOf(text).rest).toBe('BP');
  });

  test('a fixed network is a chain of its layers', () => {
    const { diagrams, rest } = drawingOf(LENET);
    expect(diagrams).toMatchObject([
      { kind: 'chain', layers: [{ name: 'conv2', rule: 'uSF' }, {}, {}, {}] },
    ]);
    expect(rest).toBeUndefined();
  });
});

// Genotypes and their text: what is read, what is printed, and what is said about a text that is none.
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  canonicalGenotype,
  GenotypeError,
  genotypeHash,
  parseGenotype,
  printGenotype,
  sameGenotype,
  shortGenotypeHash,
} from '../../crds/index.ts';
import { genotypes, makeDarts, makeFixed, makeNb201 } from '../builders/genotype.ts';

const published = (name: string) =>
  readFileSync(new URL(`../../examples/genotypes/${name}.txt`, import.meta.url), 'utf8').trim();

const CELL =
  'sep_conv_3x3:uSF~0,skip_connect~1|skip_connect~0,none~1|skip_connect~0,skip_connect~1|skip_connect~0,skip_connect~1';
const DARTS_CELL = CELL.replace('none', 'max_pool_3x3');
const DARTS = `darts;normal=${DARTS_CELL};reduce=${DARTS_CELL};rest=BP`;
const NB201 =
  'nb201;nor_conv_3x3:uSF~0|skip_connect~0,none~1|avg_pool_3x3~0,nor_conv_1x1:FA~1,none~2;rest=BP';
const LOCAL_NB201 = NB201.replace('nor_conv_3x3:uSF', 'hebbian_conv_3x3').replace(
  'none~1',
  'softhebb_conv_3x3~1',
);
const LOCAL_DARTS = DARTS.replaceAll('sep_conv_3x3:uSF', 'softhebb_conv_3x3');
const LENET = 'lenet;conv2=uSF,conv3=FA,fc1=brSF,fc2=frSF';

describe('a genotype and its text', () => {
  test('print, then parse, gives the canonical genotype', async () => {
    await fc.assert(
      fc.property(genotypes(), (genotype) => {
        expect(parseGenotype(printGenotype(genotype))).toStrictEqual(canonicalGenotype(genotype));
      }),
    );
  });

  test('parse, then print, gives the same canonical text', async () => {
    await fc.assert(
      fc.property(genotypes().map(printGenotype), (text) => {
        expect(printGenotype(parseGenotype(text))).toBe(text);
      }),
    );
  });

  test('canonical form is a projection, and equal exactly where the text is', async () => {
    await fc.assert(
      fc.property(genotypes(), genotypes(), (a, b) => {
        const canonical = canonicalGenotype(a);
        expect(canonicalGenotype(canonical)).toStrictEqual(canonical);
        expect(sameGenotype(a, canonical)).toBe(true);
        const same = JSON.stringify(canonical) === JSON.stringify(canonicalGenotype(b));
        expect(sameGenotype(a, b)).toBe(same);
        expect(genotypeHash(a) === genotypeHash(b)).toBe(same);
      }),
    );
  });

  test.each([DARTS, NB201, LENET, LOCAL_NB201, LOCAL_DARTS])('%.50s... is canonical', (text) => {
    expect(printGenotype(parseGenotype(text))).toBe(text);
  });

  test.each([
    ['a rule on a skip is dropped', NB201.replace('skip_connect~', 'skip_connect:FA~'), NB201],
    ['a rule on none is dropped', NB201.replace('none~1', 'none:uSF~1'), NB201],
    ['a rule on a pool is dropped', NB201.replace('avg_pool_3x3', 'avg_pool_3x3:BP'), NB201],
    [
      'edges of a DARTS node are sorted by origin',
      DARTS.replaceAll('sep_conv_3x3:uSF~0,skip_connect~1', 'skip_connect~1,sep_conv_3x3:uSF~0'),
      DARTS,
    ],
    ['layers stand in forward order', 'lenet;fc2=frSF,conv2=uSF,conv3=FA,fc1=brSF', LENET],
    ['a rule on the first layer is dropped', LENET.replace(';', ';conv1=brSF,'), LENET],
  ])('%s', (_story, text, canonical) => {
    expect(printGenotype(parseGenotype(text))).toBe(canonical);
  });

  test.each([
    ['darts', makeDarts()],
    ['nb201', makeNb201()],
    ['fixed', makeFixed('resnet20')],
  ])('rules tell genotypes of %s apart', (_kind, genotype) => {
    const text = printGenotype(genotype);
    const other = parseGenotype(text.replace(/(uSF|FA|BP)/, 'brSF'));
    expect(sameGenotype(genotype, other)).toBe(false);
  });

  test('resnet20 names its twenty layers but the first', () => {
    expect(printGenotype(makeFixed('resnet20', 'FA')).match(/=FA/g)).toHaveLength(19);
  });

  test('the hash is SHA-256 of the canonical text', () => {
    const genotype = parseGenotype('lenet;conv2=BP,conv3=BP,fc1=BP,fc2=BP');
    const want = '1c325caa966c02823c2beea9f84b288da8d490e559e6e3fca44aeb6dcff3aa92';
    expect(genotypeHash(genotype)).toBe(want);
    expect(shortGenotypeHash(genotype)).toBe(want.slice(0, 12));
  });

  test.each(['lr-nas1', 'biodarts'])('the published genotype %s is canonical', (name) => {
    const text = published(name);
    const genotype = parseGenotype(text);
    expect(printGenotype(genotype)).toBe(text);
    expect(genotype).toMatchObject({ kind: 'darts', rest: 'BP' });
  });

  test('LR_NAS1 is read as published', () => {
    expect(parseGenotype(published('lr-nas1'))).toMatchObject({
      normal: [
        {},
        {},
        [
          { operation: 'sep_conv_3x3', rule: 'uSF', from: 0 },
          { operation: 'sep_conv_3x3', rule: 'frSF', from: 1 },
        ],
        {},
      ],
      reduce: [{}, {}, [{}, { operation: 'dil_conv_5x5', rule: 'brSF', from: 3 }], {}],
    });
  });
});

describe('a text that is no genotype', () => {
  const darts = (change: (text: string) => string) => change(DARTS);
  test.each([
    [
      '',
      "genotype, character 1 (head): expected one of darts, nb201, lenet, lenet5, resnet20, then ';', got nothing",
    ],
    ['dart;x', "got 'dart' (did you mean darts?)"],
    ['nb201', 'expected ;a cell, got the end'],
    [NB201.replace(';rest=BP', ''), 'character 87 (rest=): expected ;rest=, got the end'],
    [`${NB201};more`, "(end): expected the end, got 'more'"],
    [NB201.replace('rest=', 'rst='), "character 88 (rest): expected rest=, got 'rst=BP'"],
    [
      NB201.replace('rest=BP', 'rest=usf'),
      "expected a learning rule (BP, FA, uSF, brSF, frSF, KP, WM, DFA, DRTP, PEPITA, PC), got 'usf' (did you mean uSF?)",
    ],
    [
      NB201.replace('nor_conv_3x3', 'nor_conv3x3'),
      "character 7 (node 1, edge 1): expected an operation (none, skip_connect, nor_conv_1x1, nor_conv_3x3, avg_pool_3x3, hebbian_conv_3x3, softhebb_conv_3x3, forward_forward_conv_3x3), got 'nor_conv3x3' (did you mean nor_conv_3x3?)",
    ],
    [
      NB201.replace('nor_conv_3x3:uSF', 'nor_conv_3x3'),
      'character 19 (node 1, edge 1): expected a learning rule after nor_conv_3x3, such as nor_conv_3x3:BP',
    ],
    [NB201.replace(':uSF', ':uSF:FA'), "expected '~', got ':FA'"],
    [
      LOCAL_NB201.replace('hebbian_conv_3x3', 'hebbian_conv_3x3:uSF'),
      "character 24 (node 1, edge 1): expected no rule for hebbian_conv_3x3, which learns by its own local rule, got ':uSF'",
    ],
    [
      LOCAL_DARTS.replace('softhebb_conv_3x3', 'softhebb_conv_3x3:BP'),
      "(normal, node 2, edge 1): expected no rule for softhebb_conv_3x3, which learns by its own local rule, got ':BP'",
    ],
    [NB201.replace('none~1', 'none~2'), "(node 2, edge 2): expected origin 1, got '2'"],
    [
      NB201.replace('none~1', 'none'),
      "expected 2 parts, operation and origin, with '~' between them, got 1",
    ],
    [NB201.replace(',none~1', ''), "(node 2): expected 2 edges with ',' between them, got 1"],
    [NB201.replace('|avg', ',avg'), "(cell): expected 3 nodes with '|' between them, got 2"],
    [NB201.replace(':uSF', ': uSF'), "got ' uSF' (did you mean uSF?)"],
    [darts((text) => text.replace('normal=', 'norm=')), 'expected normal='],
    [
      darts((text) => text.replace('skip_connect~1', 'skip_connect~0')),
      '(normal, node 2): expected two different origins, got 0 twice',
    ],
    [
      darts((text) => text.replace('skip_connect~1', 'skip_connect~2')),
      "(normal, node 2, edge 2): expected an origin from 0 to 1, got '2'",
    ],
    [
      darts((text) => text.replace('skip_connect~1', 'skip_connect~-1')),
      "expected an origin from 0 to 1, got '-1'",
    ],
    [darts((text) => text.replace('skip_connect~1', 'none~1')), 'expected an operation'],
    [darts((text) => text.replace('|', '')), '(normal): expected 4 nodes'],
    ['lenet;conv1=BP', 'character 15 (lenet): expected a rule for layer conv2, got none'],
    ['lenet;conv1=BP,conv1=FA', 'character 16 (conv1): expected each layer once, got conv1 twice'],
    [
      'lenet;conv1=BP,cnv2=FA',
      "expected a layer of lenet (conv1, conv2, conv3, fc1, fc2), got 'cnv2' (did you mean conv2?)",
    ],
    ['lenet;conv1', "expected 2 parts, layer and rule, with '=' between them, got 1"],
    [
      'lenet;conv1=bp',
      "(conv1): expected a learning rule (BP, FA, uSF, brSF, frSF, KP, WM, DFA, DRTP, PEPITA, PC), got 'bp' (did you mean BP?)",
    ],
    [
      `resnet20;${'x'.repeat(60)}=BP`,
      `expected a layer of resnet20 (one of 20), got '${'x'.repeat(37)}...'`,
    ],
  ])('%.60s: %s', (text, message) => {
    expect(() => parseGenotype(text)).toThrow(GenotypeError);
    expect(() => parseGenotype(text)).toThrow(message);
  });

  test('any text is read or refused with a GenotypeError', async () => {
    const near = fc
      .tuple(
        fc.constantFrom(DARTS, NB201, LENET, LOCAL_NB201),
        fc.nat(),
        fc.string({ maxLength: 3 }),
      )
      .map(
        ([text, at, insert]) =>
          text.slice(0, at % text.length) + insert + text.slice(1 + (at % text.length)),
      );
    await fc.assert(
      fc.property(fc.oneof(fc.string(), near), (text) => {
        try {
          parseGenotype(text);
        } catch (error) {
          expect(error).toBeInstanceOf(GenotypeError);
        }
      }),
    );
  });

  test('a genotype with a rule for what learns by its own has no text', () => {
    const genotype = makeNb201({ operation: 'softhebb_conv_3x3', rule: 'FA' });
    expect(() => printGenotype(genotype)).toThrow(
      'genotype, node 1, edge 1: expected no rule for softhebb_conv_3x3, which learns by its own local rule, got FA',
    );
  });

  test('a genotype whose weights have no rule has no text', () => {
    const genotype = makeNb201({ operation: 'nor_conv_1x1' });
    expect(() => printGenotype(genotype)).toThrow(
      'genotype, node 1, edge 1: expected a rule for nor_conv_1x1, got none',
    );
  });
});

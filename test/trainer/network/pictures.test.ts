// Pictures that a network can be written for, and what it says of others.
import { describe, expect, test } from 'vitest';
import { parseGenotype, printGenotype } from '../../../crds/index.ts';
import { loadLearningRules } from '../../../trainer/learning-rules/index.ts';
import { buildNetwork, NetworkError, type Task } from '../../../trainer/network/index.ts';
import { makeFixed, makeNb201 } from '../../builders/genotype.ts';
import { probeNetwork } from '../../builders/probe.ts';
import { DARTS_V2 } from '../../builders/published-genotypes.ts';

const rules = await loadLearningRules();
const resnet20 = printGenotype(makeFixed('resnet20', 'BP'));
const lenet = printGenotype(makeFixed('lenet', 'BP'));
const lenet5 = printGenotype(makeFixed('lenet5', 'BP'));
const shape = { channels: 4, cells: 3 };
const square = (side: number): Task => ({ height: side, width: side, channels: 3, classes: 7 });

const build = (text: string, side: number, auxiliary = false) =>
  buildNetwork({
    genotype: parseGenotype(text),
    shape,
    task: square(side),
    rules,
    auxiliary,
    dropPath: false,
  });

describe('pictures that do not fit', () => {
  test.each([
    [
      'lenet',
      lenet,
      17,
      'lenet convolves without padding and halves twice: expected pictures of at least 18 x 18, got 17 x 17',
    ],
    [
      'lenet5',
      lenet5,
      27,
      'lenet5 convolves thrice by 5 x 5 and halves twice: expected pictures of at least 28 x 28, got 27 x 27',
    ],
    [
      'resnet20',
      resnet20,
      3,
      'resnet20 halves pictures twice: expected pictures of at least 4 x 4, got 3 x 3',
    ],
    [
      'darts',
      DARTS_V2,
      2,
      'darts halves pictures twice: expected pictures of at least 4 x 4, got 2 x 2',
    ],
    [
      'nb201',
      printGenotype(makeNb201()),
      30,
      'nb201 halves pictures twice and adds them to averages of 2 x 2 pixels: expected sides divisible by 4, got 30 x 30',
    ],
  ] as const)('%s says so', (_, text, side, message) => {
    const refuse = () => build(text, side);
    expect(refuse).toThrow(NetworkError);
    expect(refuse).toThrow(message);
  });

  test('the auxiliary head says so', () => {
    expect(() => build(DARTS_V2, 7, true)).toThrow(
      'darts with an auxiliary head needs 2 x 2 at the end',
    );
  });

  test.each([
    ['lenet', lenet, 18],
    ['lenet5', lenet5, 28],
    ['resnet20', resnet20, 4],
    ['darts', DARTS_V2, 4],
    ['nb201', printGenotype(makeNb201()), 4],
  ] as const)('the least that %s takes can be written', (_, text, side) => {
    expect(() => probeNetwork(build(text, side), square(side))).not.toThrow();
  });
});

// What is said of a network under attack: masking where an attack along the rules' own signal was led astray, and only there.
import { expect, test } from 'vitest';
import { distanceText, maskingSentences } from '../../../cli/result/index.ts';
import { makeRobustness } from '../../builders/search-result.ts';

test('masking is told with both attacks and the pictures between them', () => {
  expect(maskingSentences(makeRobustness())).toEqual([
    "Gradient masking at L∞ 8/255: the strongest attack along the learning rules' signal (fgsm) leaves 73.50 %, " +
      'fgsm along the true gradient 67.00 %: 13 of 200 pictures seemed safe and are not.',
  ]);
});

test('also where an attack that follows no gradient is the strongest', () => {
  expect(maskingSentences(makeRobustness({ exact: 0.73, square: 0.5 }))).toEqual([
    expect.stringContaining('square which follows no gradient of the network, 50.00 %: 47 of 200'),
  ]);
});

test.each([
  ['one picture', 0.675],
  ['five pictures', 0.695],
  ['fewer pictures than along the true gradient', 0.6],
])('a difference of %s is none', (_what, rules) => {
  const [sentence, ...more] = maskingSentences(makeRobustness({ rules }));
  expect(sentence).toContain('No gradient masking seen');
  expect(more).toEqual([]);
});

test('where nothing was compared, nothing is said', () => {
  const { attacks, ...rest } = makeRobustness();
  const exact = attacks.filter((attack) => !('signal' in attack && attack.signal === 'rules'));
  expect(maskingSentences({ ...rest, attacks: exact })).toEqual([]);
});

test('distances are told apart, the most masked one first', () => {
  const { attacks, ...rest } = makeRobustness();
  const l2 = attacks.map((attack) => ({
    ...attack,
    norm: 'l2' as const,
    accuracy: attack.accuracy / 2,
  }));
  const farther = l2.map((attack) => ({ ...attack, accuracy: attack.accuracy - 0.1 }));
  farther[0]!.accuracy = 0.8;
  const sentences = maskingSentences({ ...rest, attacks: [...attacks, ...l2, ...farther] });
  expect(sentences.map((text) => text.split(':')[0])).toEqual([
    'Gradient masking at L2 8/255',
    'Gradient masking at L∞ 8/255',
  ]);
});

test.each([
  ['linf', 8, 'L∞ 8/255'],
  ['l2', 0.5, 'L2 0.5/255'],
  ['l0', 1, '1 pixel'],
  ['l0', 5, '5 pixels'],
] as const)('%s %d is %s', (norm, bound, text) => {
  expect(distanceText({ norm, bound })).toBe(text);
});

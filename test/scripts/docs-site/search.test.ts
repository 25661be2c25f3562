// What is found by which words.
import { expect, test } from 'vitest';
import { createSearch } from '../../../scripts/docs-site/index.ts';

const ENTRIES = [
  ['docs/rules', 'Rules', 'Kolen-Pollack', 'B follows the same update as W, with weight decay.'],
  ['docs/rules', 'Rules', 'Feedback alignment', 'B is random and stays as it is.'],
  ['docs/fields', 'Fields', 'spec.budget', 'gpuHours bounds device time; maxTrials bounds trials.'],
  ['CHANGELOG', 'Changelog', 'Feedback alignment', 'Kolen-Pollack has weight decay of its own.'],
].map(([address = '', page = '', heading = '', text = ''], id) => ({
  id,
  address,
  page,
  heading,
  text,
}));
const search = createSearch(ENTRIES);

test.each([
  ['a heading comes before a mention', 'Kolen-Pollack', [0, 3]],
  ['the beginning of a word', 'gpuH', [2]],
  ['a slip of the pen', 'feedbak', [1, 3]],
  ['how things are comes before how they came to be', 'feedback alignment', [1, 3]],
  ['all words must be there', 'random decay', []],
  ['letters of any size', 'ALIGNMENT', [1, 3]],
])('%s: %s', (_, words, ids) => {
  expect(search(words).map(({ id }) => id)).toEqual(ids);
});

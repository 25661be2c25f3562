// What is found by which words.
import { expect, test } from 'vitest';
import { createSearch } from '../../../scripts/docs-site/index.ts';

const ENTRIES = [
  ['Rules', 'Kolen-Pollack', 'B follows the same update as W, with weight decay.'],
  ['Rules', 'Feedback alignment', 'B is random and stays as it is.'],
  ['Fields', 'spec.budget', 'gpuHours bounds device time; maxTrials bounds trials.'],
  ['Changelog', 'Unreleased', 'Kolen-Pollack has weight decay of its own.'],
].map(([page = '', heading = '', text = ''], id) => ({
  id,
  address: `${id}`,
  page,
  heading,
  text,
}));
const search = createSearch(ENTRIES);

test.each([
  ['a heading comes before a mention', 'Kolen-Pollack', [0, 3]],
  ['the beginning of a word', 'gpuH', [2]],
  ['a slip of the pen', 'feedbak', [1]],
  ['all words must be there', 'random decay', []],
  ['letters of any size', 'ALIGNMENT', [1]],
])('%s: %s', (_, words, ids) => {
  expect(search(words).map(({ id }) => id)).toEqual(ids);
});

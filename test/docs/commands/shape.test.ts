// What counts of output that a page shows.
import { expect, test } from 'vitest';
import { missingLines } from './shape.ts';

test.each<[string, string[], string, string[]]>([
  ['other numbers', ['BEST   AGE', 'night   16   0.77   3m33s'], 'BEST AGE\nnight 5 1 9s', []],
  ['lines between', ['NAME', 'odd', '...', 'night'], 'NAME\nother\nnight', []],
  ['another head', ['NAME   PHASE'], 'NAME   STATE', ['NAME   PHASE']],
  ['nothing', ['0.9063'], '', ['0.9063']],
])('%s', (_, shown, printed, missing) => {
  expect(missingLines(shown, printed)).toEqual(missing);
});

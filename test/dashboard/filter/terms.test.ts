// What brushes write into a filter's text, and read from it.
import { expect, test } from 'vitest';
import { termsOf, withTerm } from '../../../dashboard/filter/index.ts';

test.each([
  ['', '0→1', ['=uSF'], '0→1=uSF'],
  ['uSF 0->1:BP accuracy>0.8', '0→1', ['=uSF|BP'], 'uSF accuracy>0.8 0→1=uSF|BP'],
  ['accuracy>0.8', 'accuracy', ['>=0.7', '<=0.75'], 'accuracy>=0.7 accuracy<=0.75'],
  ['accuracy>0.8 x', 'accuracy', [], 'x'],
  ['', 'normal 0→2', ['=skip_connect'], '"normal 0→2"=skip_connect'],
])('in "%s" what is said of %s becomes %j', (text, field, terms, want) => {
  expect(withTerm(text, field, terms)).toBe(want);
});

test('what is written is read again', () => {
  const text = withTerm('state:Trained', 'normal 0→2', ['=nor_conv_1x1:uSF|skip_connect']);
  const [term] = termsOf(text, 'normal 0→2');
  expect(term?.values).toEqual(['nor_conv_1x1:uSF', 'skip_connect']);
});

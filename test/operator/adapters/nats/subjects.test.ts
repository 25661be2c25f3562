// Names on NATS: no name of a search or namespace can break out of its place in a subject.
import { describe, expect, test } from 'vitest';
import {
  bucketOf,
  InvalidTokenError,
  reportSubject,
} from '../../../../operator/adapters/nats/index.ts';
import { narrowed, recordsOf } from '../../../../operator/adapters/nats/subjects.ts';

const trial = '7a0c1f6e-0000-4000-8000-000000000000';

test.each([
  [{ namespace: 'default', search: 'night', trial }, `bionas.default.night.${trial}`],
  [{ namespace: 'default', search: 'night.v2', trial }, `bionas.default.night_v2.${trial}`],
])('%j reports on %s', (address, subject) => {
  expect(reportSubject(address)).toBe(subject);
});

test.each(['', '*', '>', 'a b', 'a\n', 'ä'])('%j is no token', (text) => {
  expect(() => reportSubject({ namespace: text, search: 'night', trial })).toThrow(
    InvalidTokenError,
  );
  expect(() => recordsOf(text)).toThrow(InvalidTokenError);
  expect(() => bucketOf(text)).toThrow(InvalidTokenError);
});

describe('a pattern over reports, narrowed to kinds', () => {
  test.each([
    ['bionas.>', ['bionas.*.*.*.result', 'bionas.*.*.*.failure']],
    ['bionas.prod.>', ['bionas.prod.*.*.result', 'bionas.prod.*.*.failure']],
    ['bionas.prod.night.uid.>', ['bionas.prod.night.uid.result', 'bionas.prod.night.uid.failure']],
  ])('%s', (pattern, subjects) => {
    expect(narrowed(pattern, ['result', 'failure'])).toEqual(subjects);
  });

  test.each(['>', 'other.>', 'bionas', 'bionas.a.b.c.d.>'])('%s is refused', (pattern) => {
    expect(() => narrowed(pattern, ['result'])).toThrow(InvalidTokenError);
  });
});

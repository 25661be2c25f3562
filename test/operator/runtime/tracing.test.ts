import { expect, test } from 'vitest';
import {
  noTracer,
  parseTraceparent,
  placeOf,
  traceIdOf,
  traceparentOf,
} from '../../../operator/runtime/index.ts';

const UID = '3F2504E0-4f89-41d3-9a0c-0305e82c3301';

test('the trace of an object is its UID without dashes', () => {
  expect(traceIdOf(UID)).toBe('3f2504e04f8941d39a0c0305e82c3301');
});

test.each([['night-0-uid'], [''], ['00000000-0000-0000-0000-000000000000'], [`${UID}0`]])(
  'a UID that is none has a trace all the same: %s',
  (uid) => {
    expect(traceIdOf(uid)).toMatch(/^[0-9a-f]{32}$/);
    expect(traceIdOf(uid)).not.toMatch(/^0+$/);
    expect(traceIdOf(uid)).toBe(traceIdOf(uid));
  },
);

test('parts of an object are in its trace, each at a place of its own, whoever asks', () => {
  const places = ['trial', 'attempt 0', 'attempt 1'].map((part) => placeOf(UID, part, noTracer));
  expect(new Set(places.map(({ traceId }) => traceId))).toEqual(new Set([traceIdOf(UID)]));
  expect(new Set(places.map(({ spanId }) => spanId)).size).toBe(3);
  expect(placeOf(UID, 'trial', noTracer)).toEqual(places[0]);
});

test.each([true, false])('a place goes through a traceparent and back, sampled: %s', (sampled) => {
  const place = placeOf(UID, 'trial', { samples: () => sampled });
  expect(place.sampled).toBe(sampled);
  expect(parseTraceparent(traceparentOf(place))).toEqual(place);
});

test.each([
  ['nothing', ''],
  ['another version', `01-${'1'.repeat(32)}-${'1'.repeat(16)}-01`],
  ['a trace of zeros', `00-${'0'.repeat(32)}-${'1'.repeat(16)}-01`],
  ['a span of zeros', `00-${'1'.repeat(32)}-${'0'.repeat(16)}-01`],
  ['capitals', `00-${'A'.repeat(32)}-${'1'.repeat(16)}-01`],
  ['more behind it', `00-${'1'.repeat(32)}-${'1'.repeat(16)}-01\n`],
  ['a line of a log', `x\r\n00-${'1'.repeat(32)}-${'1'.repeat(16)}-01`],
])('%s is no traceparent', (_what, text) => {
  expect(parseTraceparent(text)).toBeUndefined();
});

// Addresses: what they mean, and that every view has one that leads back to it.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hrefOf, placeOf, type Route, TABS } from '../../../dashboard/route/route.ts';

test.each<[string, Route]>([
  ['', { view: 'searches' }],
  ['#/', { view: 'searches' }],
  ['#/default/night', { view: 'search', namespace: 'default', name: 'night', tab: 'overview' }],
  [
    '#/default/night/trials',
    { view: 'search', namespace: 'default', name: 'night', tab: 'trials' },
  ],
  [
    '#/default/night/trial/night-0001',
    { view: 'trial', namespace: 'default', name: 'night', trial: 'night-0001' },
  ],
  [
    '#/default/night/compare/a/b',
    { view: 'compare', namespace: 'default', name: 'night', trials: ['a', 'b'] },
  ],
  ['#/default', { view: 'nowhere', path: 'default' }],
  ['#/default/night/nothing', { view: 'nowhere', path: 'default/night/nothing' }],
  ['#/default/night/trial', { view: 'nowhere', path: 'default/night/trial' }],
  [
    '#/default/%E0%A4%A',
    { view: 'search', namespace: 'default', name: '%E0%A4%A', tab: 'overview' },
  ],
])('%s is %j', (hash, want) => {
  expect(placeOf(hash).route).toEqual(want);
});

test('every view has an address that leads to it, whatever its names are', () => {
  const name = fc.string({ minLength: 1, unit: 'grapheme' });
  const key = { namespace: name, name };
  const route = fc.oneof(
    fc.record({ view: fc.constant('search' as const), tab: fc.constantFrom(...TABS), ...key }),
    fc.record({ view: fc.constant('trial' as const), trial: name, ...key }),
    fc.record({ view: fc.constant('compare' as const), trials: fc.tuple(name, name), ...key }),
  );
  const query = fc.dictionary(fc.constantFrom('filter', 'sort', 'by'), name, {
    noNullPrototype: true,
  });
  fc.assert(
    fc.property(route, query, (wanted, asked) => {
      expect(placeOf(hrefOf(wanted, asked))).toEqual({ route: wanted, query: asked });
    }),
  );
});

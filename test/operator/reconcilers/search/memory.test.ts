// What a search is known by between two looks: what it costs to ask.
import { expect, test } from 'vitest';
import { SearchMemory } from '../../../../operator/reconcilers/search/memory.ts';
import { NOTHING_YET } from '../../../../operator/reconcilers/search/tally.ts';
import { createEngine, type EngineState } from '../../../../operator/search/index.ts';
import { makeEngineSpec } from '../../../builders/search.ts';

test('failures are looked at for a wish only, however many they are', () => {
  let looks = 0;
  const failed: EngineState['failed'] = [
    [3, 'a'],
    [5, 'b'],
  ];
  const counted = new Proxy(failed, {
    get: (list, field) => {
      looks += 1;
      return Reflect.get(list, field);
    },
  });
  const engine = createEngine(makeEngineSpec());
  const memory = new SearchMemory({
    search: 'search-uid',
    engine,
    state: { ...engine.initial, failed: counted },
    tally: NOTHING_YET,
    recorded: new Set(),
    sequence: 0,
    live: [],
    lost: [],
    rebuilt: false,
    devices: 1,
  });
  expect([memory.failedAmong([]), looks]).toEqual([undefined, 0]);
  expect(memory.failedAmong([4, 5, 3])).toBe(5);
});

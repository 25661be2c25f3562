// Brackets of successive halving and Hyperband: how many networks, how far, and what happens when some are missing.
import { describe, expect, test } from 'vitest';
import { hyperbandBrackets } from '../../../../operator/search/scheduling/hyperband.ts';
import { inOrder, makeScheduledSpec, playScheduled } from '../../../builders/scheduling.ts';

describe('the brackets of Hyperband', () => {
  /** n_i and r_i of each rung, as the paper's Table 1 lays them out. */
  const laidOut = (epochs: number, eta: number) =>
    hyperbandBrackets(epochs, eta, 1).map(({ networks, epochs: rungs }) =>
      rungs.map((r, i) => [Math.floor(networks / eta ** i), r]),
    );

  test('for R = 81 and eta = 3 are those of Algorithm 1', () => {
    // Table 1 of the paper has the same r, and n of 27, 9, 6 and 5 below the first bracket: it rounds (s_max + 1) / (s + 1) down
    // where Algorithm 1 rounds the product up.
    expect(laidOut(81, 3)).toEqual([
      [
        [81, 1],
        [27, 3],
        [9, 9],
        [3, 27],
        [1, 81],
      ],
      [
        [34, 3],
        [11, 9],
        [3, 27],
        [1, 81],
      ],
      [
        [15, 9],
        [5, 27],
        [1, 81],
      ],
      [
        [8, 27],
        [2, 81],
      ],
      [[5, 81]],
    ]);
  });

  test('are as many where R is a power that logarithms miss', () => {
    expect(hyperbandBrackets(243, 3, 1)).toHaveLength(6);
    expect(hyperbandBrackets(1000, 10, 1)).toHaveLength(4);
  });

  test('begin with minEpochs at least', () => {
    const all = hyperbandBrackets(50, 3, 3).flatMap(({ epochs }) => epochs[0] ?? 0);
    expect(all).toEqual([6, 17, 50]);
  });
});

describe('successive halving', () => {
  const spec = makeScheduledSpec({ name: 'successive-halving', networks: 9 });

  test('waits for the last of a rung, and begins the next bracket meanwhile', () => {
    const { decisions } = playScheduled(spec, { trials: 100, places: 2 }, inOrder(10));
    expect(decisions.slice(0, 10)).toEqual([...Array(10).keys()].map((k) => `start ${k} to 1`));
    expect(decisions.slice(10).filter((word) => word.startsWith('promote'))).not.toEqual([]);
  });

  test('sends a third on, and a third of these', () => {
    const { plans } = playScheduled(spec, { trials: 9, places: 3 }, inOrder(100));
    const reached = (epochs: number) =>
      [...plans.values()].filter((all) => all.includes(epochs)).length;
    expect([1, 3, 9].map(reached)).toEqual([9, 3, 1]);
  });

  test('of fewer networks than it wants still brings one to the end', () => {
    const { plans } = playScheduled(spec, { trials: 2, places: 1 }, inOrder(100));
    expect([...plans.values()].filter((all) => all.includes(9))).toHaveLength(1);
  });

  test('whose every network fails goes on with the next bracket', () => {
    const fails = inOrder(30).map((move) => ({ ...move, fate: 'failed' as const }));
    const { trials, state } = playScheduled(spec, { trials: 20, places: 1 }, fails);
    expect(trials).toHaveLength(20);
    expect(state.outstanding).toEqual([]);
  });
});

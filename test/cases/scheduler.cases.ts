// What every scheduler must do, whatever it decides. Called once a scheduler by schedulers.test.ts.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Scheduling } from '../../crds/index.ts';
import { createEngine, replay } from '../../operator/search/index.ts';
import type { SchedulerName } from '../../operator/search/scheduling/index.ts';
import {
  inOrder,
  type Limits,
  makeScheduledSpec,
  playScheduled,
  type ReportMove,
  reportMoves,
  type ScheduledRun,
} from '../builders/scheduling.ts';

const EPOCHS = 9;

const settingsOf = (name: SchedulerName): fc.Arbitrary<Scheduling> => {
  const pauses = ['asha', 'successive-halving', 'hyperband'].includes(name);
  return fc
    .record({ eta: fc.integer({ min: 2, max: 4 }), minEpochs: fc.integer({ min: 1, max: 3 }) })
    .map((some) => ({ name, ...(pauses ? some : {}) }));
};

export function schedulerCases(name: SchedulerName): void {
  const limits = fc.record({
    trials: fc.integer({ min: 1, max: 30 }),
    places: fc.integer({ min: 1, max: 8 }),
  });
  type Property = (
    run: (between?: Parameters<typeof playScheduled>[3]) => ScheduledRun,
    of: Of,
  ) => void;
  type Of = { readonly spec: ReturnType<typeof makeScheduledSpec>; readonly limit: Limits };
  const check = (property: Property, moves: fc.Arbitrary<ReportMove[]> = reportMoves()) =>
    fc.assert(
      fc.property(settingsOf(name), limits, moves, (settings, limit, list) => {
        const spec = makeScheduledSpec(settings, { epochs: EPOCHS });
        property((between) => playScheduled(spec, limit, list, between), { spec, limit });
      }),
      { numRuns: 60 },
    );

  describe('with any number of places and reports in any order', () => {
    test('the same reports in the same order give the same bytes', () => {
      check((run) => {
        const [first, second] = [run(), run()];
        expect(JSON.stringify(first.state)).toBe(JSON.stringify(second.state));
        expect(first.decisions).toEqual(second.decisions);
      });
    });

    test('a state that goes through JSON before every decision goes on the same', () => {
      check((run) => {
        const stored = run((state) => JSON.parse(JSON.stringify(state)));
        expect(stored.decisions).toEqual(run().decisions);
      });
    });

    test('no state is changed in place', () => {
      check((run) => {
        expect(() => run(deepFreeze)).not.toThrow();
      });
    });

    test('a replay comes to the state of the live search, and decides the same', () => {
      check((run, { spec }) => {
        const { state, trials, events } = run();
        const { state: replayed, lost } = replay(spec, { trials, results: events });
        expect(lost).toEqual([]);
        expect(JSON.stringify(replayed)).toBe(JSON.stringify(state));
        const engine = createEngine(spec);
        for (const mayStart of [true, false])
          expect(engine.next(replayed, { mayStart })).toEqual(engine.next(state, { mayStart }));
      });
    });

    test('each plan of a network goes further than the one before, none past the whole training', () => {
      check((run) => {
        for (const plans of run().plans.values()) {
          expect(plans).toEqual([...new Set(plans)].toSorted((a, b) => a - b));
          expect(plans.at(-1)).toBeLessThanOrEqual(EPOCHS);
        }
      });
    });

    test('what failed, diverged or was ruled out is never promoted', () => {
      check((run) => {
        const { decisions, lost, events } = run();
        for (const index of lost) {
          const end = events.findIndex(
            (event) => event.index === index && event.kind === undefined,
          );
          expect(events.slice(end + 1).filter((event) => event.index === index)).toEqual([]);
        }
        expect(new Set(decisions).size).toBe(decisions.length);
      });
    });
  });

  describe('a search that is played to its end', () => {
    const toTheEnd = reportMoves({ minLength: 200 });

    test('starts as many networks as it may, and takes no more places than there are', () => {
      check((run, { limit }) => {
        const { trials, busiest } = run();
        expect(trials).toHaveLength(limit.trials);
        expect(busiest).toBeLessThanOrEqual(limit.places);
      }, toTheEnd);
    });

    test('leaves no network that trains: each has ended or is paused, and none would go on', () => {
      check((run, { spec }) => {
        const { state } = run();
        expect(state.outstanding.every(([, , { paused }]) => paused)).toBe(true);
        expect(createEngine(spec).next(state, { mayStart: false })).toEqual({ kind: 'none' });
      }, toTheEnd);
    });

    test('spends no more epochs than whole trainings would', () => {
      check((run, { limit }) => {
        const spent = [...run().plans.values()].reduce(
          (sum, plans) => sum + (plans.at(-1) ?? 0),
          0,
        );
        expect(spent).toBeLessThanOrEqual(limit.trials * EPOCHS);
      }, toTheEnd);
    });
  });

  test('a free place is never left empty while there may be a new network', () => {
    const spec = makeScheduledSpec({ name }, { epochs: EPOCHS });
    const { busiest, trials } = playScheduled(spec, { trials: 40, places: 40 }, inOrder(0));
    expect([busiest, trials.length]).toEqual([40, 40]);
  });
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}

// The Pods of an attempt as the one Pod that is decided on: how several stand, and what several ends mean together.
import { describe, expect, test } from 'vitest';
import { type Crew, crewOf, type Member } from '../../../../operator/reconcilers/trial/crew.ts';
import { endOf, isRunning } from '../../../../operator/reconcilers/trial/pod-end.ts';
import { makePod, PodBuilder, START_MS } from '../../../builders/objects.ts';

type Worker = PodBuilder | 'gone' | { readonly farewell: string };

const members = (workers: readonly Worker[]): Member[] =>
  workers.map((worker) => {
    if (worker === 'gone') return { pod: undefined };
    return 'object' in worker ? { pod: worker.object } : { pod: undefined, ...worker };
  });

const pod = (rank: number) => makePod().named(rank === 0 ? 'night-0-0' : `night-0-0-w${rank}`);
const running = (rank: number, since = 0) => pod(rank).on('a').running(since);
const placed = (rank: number) => pod(rank).on('a');
const withConditions = (builder: PodBuilder, status: string, message = '') => {
  const conditions = [{ type: 'PodScheduled', status, message }];
  const { object } = builder;
  return new PodBuilder({ ...object, status: { ...object.status, conditions } });
};
const unplaced = (rank: number) => withConditions(pod(rank), 'False', 'no GPU is left');
const starting = (rank: number) => withConditions(placed(rank), 'True');
const evicted = (rank: number) => running(rank).lost('Evicted');
const OOM = { reason: 'OOMKilled' };

/** So many seconds after the start. */
const crewAt = (seconds: number, ...workers: Worker[]): Crew =>
  crewOf(members(workers), { nowMs: START_MS + seconds * 1000, evenSinceMs: START_MS });

const nameOf = (crew: Crew) => crew.pod?.metadata.name;
const isLeaving = ({ pod }: Crew) => pod?.metadata.deletionTimestamp !== undefined;

function endedAs({ pod }: Crew) {
  const end = pod && endOf(pod, { nowMs: 0, sinceMs: 0 });
  return end && [end.exitCode ?? 'lost', end.reason];
}

describe('while none has ended, a crew stands where the last of it does', () => {
  test.each<[string, string, readonly Worker[]]>([
    ['one that no node has taken', 'night-0-0-w1', [placed(0), pod(1), running(2)]],
    ['one that starts', 'night-0-0-w2', [running(0), running(1), placed(2)]],
    ['the one that began last', 'night-0-0-w1', [running(0), running(1, 5), running(2, 1)]],
    ['one that is being deleted', 'night-0-0-w2', [running(0), pod(1), running(2).deleting()]],
    ['the first, where all stand alike', 'night-0-0', [pod(0), pod(1)]],
  ])('%s', (_story, name, workers) => {
    const crew = crewAt(10, ...workers);
    expect(nameOf(crew)).toBe(name);
    expect(crew).toMatchObject({ disbands: false, missing: [] });
  });

  test('it runs once all of it does, also where helpers are done', () => {
    const runs = (...workers: Worker[]) => {
      const { pod: one } = crewAt(10, ...workers);
      return one !== undefined && isRunning(one);
    };
    expect(runs(running(0), placed(1))).toBe(false);
    expect(runs(running(0), running(1))).toBe(true);
    expect(runs(running(0), running(1).ended(0))).toBe(true);
  });
});

test.each<[string, readonly number[], readonly Worker[]]>([
  ['all, where there is none', [0, 1], ['gone', 'gone']],
  ['what an operator that died has left out', [1, 2], [pod(0), 'gone', 'gone']],
  ['nothing, once one has begun', [], [running(0), 'gone']],
  ['nothing, once one has ended', [], [pod(0).lost('UnexpectedAdmissionError'), 'gone']],
  ['nothing under names that are not free yet', [], [pod(0).deleting(), 'gone']],
])('Pods are made: %s', (_story, missing, workers) => {
  expect(crewAt(10, ...workers).missing).toEqual(missing);
});

describe('one that cannot go on', () => {
  test.each<[string, number, boolean, readonly Worker[]]>([
    ['waits for the others to see it', 24, false, [running(0), running(1).ended(137)]],
    ['ends those that do not', 25, true, [running(0), running(1).ended(137)]],
    ['ends at once those whose first is gone', 11, true, ['gone', running(1)]],
    ['ends at once a first that has not begun', 11, true, [placed(0), 'gone', running(2)]],
    ['waits where more than one is gone', 24, false, ['gone', running(1).ended(76), running(2)]],
    ['has nothing more to end', 60, false, [running(0).deleting(), running(1).ended(137)]],
    ['ends those whose first is done', 25, true, [running(0).ended(0), running(1)]],
  ])('%s', (_story, seconds, disbands, workers) => {
    expect(crewAt(seconds, ...workers).disbands).toBe(disbands);
  });

  test('is on its way out until then, and says when to look again', () => {
    const crew = crewAt(12, running(0), running(1).ended(137));
    expect(isLeaving(crew)).toBe(true);
    expect(crew.requeueAfter).toBe(13_000);
    expect(isLeaving(crewAt(12, 'gone', running(1)))).toBe(true);
    expect(isLeaving(crewAt(60, running(0).deleting(), running(1).ended(76)))).toBe(true);
  });
});

describe('the first worker may still keep its checkpoint when another was interrupted:', () => {
  test.each<[string, boolean, readonly Worker[]]>([
    ['that is waited for', true, [running(0), running(1).ended(75)]],
    ['also where it was evicted', true, [running(0), evicted(1)]],
    [
      'also where it was killed in its deletion',
      true,
      [running(0), running(1).ended(137).deleting()],
    ],
    ['not where it failed', false, [running(0), running(1).ended(1)]],
    ['not where it lost another: the first may hang', false, [running(0), running(1).ended(76)]],
    ['not for another than the first', false, [running(0).ended(75), running(1)]],
  ])('%s', (_story, waits, workers) => {
    const crew = crewAt(25, ...workers);
    expect(crew.disbands).toBe(true);
    expect(isLeaving(crew)).toBe(waits);
  });
});

test.each<[string, readonly Worker[]]>([
  ['that is done, and whose Pod is gone', [running(0), 'gone', running(2).ended(0)]],
  ['whose Pod is gone while it was needed, which the first finds out', [running(0), 'gone']],
  ['that is gone, and others with it', [running(0), 'gone', 'gone', running(3)]],
])('the first worker goes on without one %s', (_story, workers) => {
  const crew = crewAt(3_600, ...workers);
  expect(crew).toMatchObject({ disbands: false, missing: [] });
  expect(isLeaving(crew)).toBe(false);
  expect(crew.pod && isRunning(crew.pod)).toBe(true);
});

describe('an end is judged by its cause', () => {
  test.each<[string, readonly unknown[], readonly Worker[]]>([
    [
      'what killed one, not that others lost it',
      [137, 'OOMKilled'],
      [running(0).ended(76), running(1).ended(137, OOM), running(2).ended(76)],
    ],
    [
      'the first of two failures',
      [1, undefined],
      [running(0).ended(134, { to: 12 }), running(1).ended(1, { to: 11 })],
    ],
    ['bad input, which all see', [64, undefined], [running(0).ended(64), running(1).ended(64)]],
    ['an eviction', ['lost', 'Evicted'], [running(0).ended(76), evicted(1)]],
    ['an interruption of all', [75, undefined], [running(0).ended(75), running(1).ended(75)]],
    [
      'a failure before an interruption',
      [1, undefined],
      [running(0).ended(75).disrupted(), running(1).ended(1)],
    ],
    ['a Pod that is gone', ['lost', undefined], [running(0).ended(76), 'gone']],
    [
      'why it had to go, where somebody said',
      ['lost', 'PreemptionByScheduler'],
      [running(0).ended(76), { farewell: 'PreemptionByScheduler' }],
    ],
    ['that of the first, who is done', [0, undefined], [running(0).ended(0), running(1).ended(1)]],
    ['that they lost each other', [76, undefined], [running(0).ended(76), running(1).ended(76)]],
    [
      'that one was lost, where another is done',
      [76, undefined],
      [running(0).ended(76), running(1).ended(0)],
    ],
  ])('%s', (_story, want, workers) => {
    expect(endedAs(crewAt(20, ...workers))).toEqual(want);
  });

  test.each<[string, readonly unknown[], PodBuilder]>([
    ['hangs is found out by those that lost it', [76, undefined], running(1)],
    ['never began is, too', [76, undefined], placed(1)],
    ['was on its way out has cost nothing', ['lost', undefined], pod(1).deleting()],
    [
      'had to go has cost nothing, for what reason ever',
      ['lost', 'PreemptionByScheduler'],
      running(1).disrupted('PreemptionByScheduler'),
    ],
  ])('one that %s', (_story, want, worker) => {
    expect(endedAs(crewAt(30, running(0).ended(76), worker, running(2)))).toEqual(want);
  });
});

test.each<[string, string, readonly Worker[]]>([
  [
    'no node takes it',
    'worker 1 did not begin: no node takes its Pod: no GPU is left',
    [unplaced(1)],
  ],
  ['its node has not started it', 'worker 1 did not begin: its Pod starts on a', [starting(1)]],
  [
    'it is the second that did not',
    'worker 2 did not begin: its Pod starts on a',
    [running(1).ended(76), starting(2)],
  ],
])('where one never began, it is said why: %s', (_story, message, others) => {
  const { pod: judged } = crewAt(30, running(0).ended(76), ...others);
  const end = judged && endOf(judged, { nowMs: 0, sinceMs: 0 });
  expect(end).toMatchObject({ exitCode: 76, disrupted: false, message });
});

test('who was asked to end while it waited for one that never began has cost nothing', () => {
  expect(endedAs(crewAt(30, running(0).ended(75), pod(1)))).toEqual([75, undefined]);
});

test('it ran for as long as its Pods did in the mean', () => {
  expect(crewAt(10, running(0), running(1, 4)).ranSeconds).toBe(8);
  expect(crewAt(30, running(0).ended(76), running(1).ended(137, { to: 8 })).ranSeconds).toBe(9);
  expect(crewAt(30, pod(0), 'gone').ranSeconds).toBe(0);
  expect(crewAt(30, 'gone', 'gone').ranSeconds).toBe(0);
});

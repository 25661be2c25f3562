// `bionas logs --follow` where the node of an attempt is gone, so that no kubelet answers for its log.
import { expect, test } from 'vitest';
import { follow } from '../../../cli/logs/follow.ts';
import type { Attempt, FoundSearch } from '../../../cli/place/index.ts';
import { systemClock } from '../../../operator/runtime/index.ts';
import { condition, makeRunningTrial } from '../../builders/search-result.ts';
import { verbIo } from '../../builders/verbs.ts';

const GONE = 'dial tcp 10.0.0.7:10250: no route to host';
const trial = makeRunningTrial(4);
const ended = { ...trial.status, conditions: [condition('Succeeded', 'Trained', 'done')] };

/** Of one whose first node is gone; the trial ends with its second attempt. */
async function followed(attempts: readonly Attempt[], beforeGone: readonly string[] = []) {
  let status = trial.status;
  async function* first() {
    for (const line of beforeGone) yield Buffer.from(line);
    throw new Error(GONE);
  }
  async function* second() {
    yield Buffer.from('second\n');
    status = ended as typeof status;
  }
  const found = {
    trials: async () => [{ ...trial, status }],
    attempts: async () => attempts,
    async log({ attempt }: Attempt) {
      if (attempt === 1) return second();
      if (beforeGone.length > 0) return first();
      throw new Error(GONE);
    },
  } as unknown as FoundSearch;
  const said = { out: [] as string[], err: [] as string[] };
  const known = { name: trial.metadata.name, state: 'Running', cost: { attempts: 1 } } as never;
  const wanted = { trial: known, previous: false, worker: 0 };
  const clock = { ...systemClock, sleep: async () => undefined };
  const hasLog = await follow(found, wanted, { ...verbIo('/', said), clock });
  return { ...said, hasLog };
}

const first = { attempt: 0, pod: 'night-0004-0', phase: 'Running', node: 'gone' };
const second = { attempt: 1, pod: 'night-0004-1', phase: 'Running', node: 'here' };

test('the next attempt is followed all the same', async () => {
  const { out, err, hasLog } = await followed([first, second]);
  expect(out).toEqual(['second\n']);
  expect(err).toEqual([`==> night-0004-0: its log cannot be read: ${GONE}`, '==> night-0004-1']);
  expect(hasLog).toBe(true);
});

test('a log that was read in part broke off', async () => {
  const { out, err } = await followed([first, second], ['first\n']);
  expect(out).toEqual(['first\n', 'second\n']);
  expect(err[1]).toBe(`==> night-0004-0: its log broke off: ${GONE}`);
});

test('an attempt that goes on is an error', async () => {
  await expect(followed([first])).rejects.toThrow(GONE);
});

// `bionas logs --follow`: what comes while it looks, from one attempt to the next, until the trial has ended.
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { addLogsCommand } from '../../../cli/logs/index.ts';
import { ObjectFiles } from '../../../operator/adapters/local/index.ts';
import { TRIALS } from '../../../operator/reconcilers/index.ts';
import { systemClock } from '../../../operator/runtime/index.ts';
import { leaveNight } from '../../builders/night-run.ts';
import { condition, makeRunningTrial } from '../../builders/search-result.ts';
import { verb } from '../../builders/verbs.ts';

type Step = (folder: string) => Promise<unknown>;

/** Each step happens while the command waits, the first one when it waits first. */
async function follow(steps: readonly Step[], ...args: string[]) {
  const folder = await leaveNight();
  const open = [...steps];
  const sleep = async () => {
    await open.shift()?.(folder);
    await delay(1);
  };
  const clock = { ...systemClock, sleep };
  const told = await verb(addLogsCommand, folder, ['logs', 'night', '4', '-f', ...args], { clock });
  return { ...told, left: open.length };
}

const writes =
  (text: string, pod = 'night-0004-0'): Step =>
  async (folder) => {
    const logs = join(folder, 'runs', 'night', 'logs');
    await mkdir(logs, { recursive: true });
    await appendFile(join(logs, `${pod}.log`), text);
  };

const becomes =
  (status: object): Step =>
  async (folder) => {
    const trial = makeRunningTrial(4);
    const key = { namespace: 'default', name: 'night-0004' };
    const metadata = { ...key, uid: 'uid-4', resourceVersion: '9', creationTimestamp: '' };
    const changed = { ...trial, metadata, status: { ...trial.status, ...status } };
    await new ObjectFiles(join(folder, 'runs', 'night', 'objects')).write(TRIALS, key, changed);
  };

const ends = becomes({ conditions: [condition('Succeeded', 'Trained', 'done')] });
const both =
  (...steps: Step[]): Step =>
  async (folder) => {
    for (const step of steps) await step(folder);
  };

test('a trial that waits is waited for, and told of until it has ended', async () => {
  const { out, err, code, left } = await follow([
    writes('one\n'),
    writes('two\nth'),
    async () => undefined,
    writes('ree\n'),
    both(writes('four\n'), ends),
    writes('after the result\n'),
  ]);
  expect(out.join('')).toBe('one\ntwo\nthree\nfour\nafter the result\n');
  expect(err).toEqual(['night-0004: nothing is written yet; waiting', '==> night-0004-0']);
  expect([code, left]).toEqual([undefined, 0]);
});

test('it goes over to the next attempt', async () => {
  const { out, err } = await follow([
    writes('first\n'),
    both(writes('lost\n'), becomes({ attempt: 1 })),
    async () => undefined,
    writes('second\n', 'night-0004-1'),
    ends,
  ]);
  expect(out.join('')).toBe('first\nlost\nsecond\n');
  expect(err.slice(1)).toEqual(['==> night-0004-0', '==> night-0004-1']);
});

test('of a log that is long the last lines come first', async () => {
  const { out } = await follow([writes('one\ntwo\nthree\n'), writes('four\n'), ends], '--tail=1');
  expect(out.join('')).toBe('three\nfour\n');
});

test('one attempt is followed to its own end', async () => {
  const { out, left } = await follow(
    [writes('first\n'), becomes({ attempt: 1 }), writes('never asked for\n', 'night-0004-1')],
    '--attempt=0',
  );
  expect(out.join('')).toBe('first\n');
  expect(left).toBeLessThanOrEqual(1);
});

test('where another run has begun in the directory, its log is told from the beginning', async () => {
  const again: Step = (folder) =>
    writeFile(join(folder, 'runs', 'night', 'logs', 'night-0004-0.log'), 'anew\n');
  const { out } = await follow([writes('a long first line\n'), again, ends]);
  expect(out.join('')).toBe('a long first line\nanew\n');
});

test('a trial that ends without a word is told of as one that has ended', async () => {
  const { out, code } = await follow([
    becomes({ conditions: [condition('Failed', 'TrainerFailed', 'no word')] }),
  ]);
  expect(out).toEqual(['night-0004: Failed, TrainerFailed after 1 attempts: no word']);
  expect(code).toBe(1);
});

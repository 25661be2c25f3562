// `bionas logs`: all attempts in their order, and what is known where a log is gone.
import { expect, test } from 'vitest';
import { addLogsCommand } from '../../../cli/logs/index.ts';
import { leaveNight } from '../../builders/night-run.ts';
import { verb } from '../../builders/verbs.ts';

const LOGS = { 'night-0003-1': 'second\n', 'night-0003-0': 'first\n', 'night-0003-10': 'last\n' };
const logs = async (left: Record<string, string>, ...args: string[]) =>
  verb(addLogsCommand, await leaveNight({ logs: left }), ['logs', 'night', ...args]);

test('of a dead trial all attempts are shown, the first one first', async () => {
  const { out, err, code } = await logs(LOGS, '3');
  expect(out).toEqual(['first\n', 'second\n', 'last\n']);
  expect(err.slice(0, 2)).toEqual(['==> night-0003-0', '==> night-0003-1']);
  expect(code).toBeUndefined();
});

test('one attempt may be asked for', async () => {
  expect((await logs(LOGS, '3', '--attempt', '1')).out).toEqual(['second\n']);
});

test('the one before the last may be asked for, and only the last lines', async () => {
  expect(
    (await logs({ 'night-0003-0': 'first\n', 'night-0003-1': 'second\n' }, '3', '-p')).out,
  ).toEqual(['first\n']);
  const long = { 'night-0003-0': 'a\nb\nc\n', 'night-0003-1': 'd\ne' };
  expect((await logs(long, '3', '--tail', '1')).out).toEqual(['c\n', 'e']);
  expect((await logs(long, '3', '--tail', '9')).out).toEqual(['a\nb\nc\n', 'd\ne']);
  expect((await logs(long, '3', '--tail', '0')).out).toEqual([]);
});

test.each([
  [['4', '--previous'], /night-0004: expected an attempt before the last one/],
  [['3', '--attempt', '7'], /night-0003: expected an attempt from 0 to 1, got 7/],
  [['3', '--previous', '--follow'], /cannot be used with option/],
])('what there is not is an error: %j', async (args, why) => {
  const left = { 'night-0003-1': 'second\n', 'night-0004-0': 'begun\n' };
  await expect(logs(left, ...args)).rejects.toThrow(why);
});

test('an attempt whose log is gone is named between the others', async () => {
  const { err } = await logs({ 'night-0003-1': 'second\n' }, 'night-0003');
  expect(err).toEqual(['==> night-0003-0: its log is gone', '==> night-0003-1']);
});

test('where all are gone, what the ledger knows is told, and the exit code is 1', async () => {
  expect(await logs({}, '3')).toMatchObject({
    out: ['night-0003: Failed, TrainerFailed after 2 attempts: CUDA error:\n  out of memory'],
    code: 1,
  });
});

test('another trial whose name begins alike has no part in it', async () => {
  const { out } = await logs({ 'night-0003-0': 'mine\n', 'night-0003-0-0': 'other\n' }, '3');
  expect(out).toEqual(['mine\n']);
});

test('of several workers one may be asked for', async () => {
  const left = { 'night-0003-0': 'first\n', 'night-0003-0-w1': 'helped\n' };
  expect((await logs(left, '3')).out).toEqual(['first\n']);
  expect((await logs({ 'night-0003-1-w1': 'helped\n' }, '3')).code).toBe(1);
  const { out, err } = await logs(left, '3', '--worker', '1');
  expect(out).toEqual(['helped\n']);
  expect(err).toEqual(['==> night-0003-0-w1', '==> night-0003-1-w1: its log is gone']);
});

// The shell of a page that hangs is ended with its test, and with it what it has started.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../../operator/runtime/eventually.ts';
import { inShell } from './shell.ts';

async function begin(run: string, env: Readonly<Record<string, string>> = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'bionas-shell-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const stop = new AbortController();
  const clone = { directory, env: { PATH: process.env['PATH'] ?? '', ...env } };
  return { directory, stop, done: inShell(clone, [{ said: run, run }], stop.signal) };
}

/** One that nobody has asked after since its end is still listed. */
async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') X');
  return !/\) [XZ]/.test(stat);
}

test('what it has started ends with the signal', async () => {
  const { directory, stop, done } = await begin('sleep 1000 & echo $! > pid; wait');
  const pid = await eventually(async () => {
    const text = await readFile(join(directory, 'pid'), 'utf8');
    if (!text.endsWith('\n')) throw new Error('not written yet');
    return Number(text);
  }, 60_000);
  expect(await isRunning(pid)).toBe(true);
  stop.abort(new Error('the test is over'));
  await expect(done).rejects.toThrow('the test is over');
  await eventually(async () => expect(await isRunning(pid)).toBe(false), 60_000);
});

test('a server that never tells its address is not waited for without end', async () => {
  const { done } = await begin('serve sleep 1000', { SERVE_SECONDS: '0' });
  await expect(done).rejects.toThrow(/serve sleep 1000\nended with 1/);
});

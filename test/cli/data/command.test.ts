// `bionas data`: what is in the cache, and what is no data set. Fetching itself: test/trainer/data/fetch.integration.test.ts.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addDataCommand } from '../../../cli/data/index.ts';
import { DATASETS } from '../../../crds/index.ts';

let cacheDir = '';
beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'bionas-data-'));
});
afterEach(() => rm(cacheDir, { recursive: true }));

async function data(args: readonly string[], signal = new AbortController().signal) {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  addDataCommand(program, { out: write, err: write, cacheDir, env: {}, now: () => 0, signal });
  await program.parseAsync(['data', ...args], { from: 'user' });
  return lines;
}

test('list names every data set, and how to get one that is not there', async () => {
  const lines = await data(['list']);
  expect(lines.map((line) => line.split(/\s+/)[0])).toEqual([...DATASETS]);
  expect(lines[0]).toMatch(/^fashion-mnist\s+not here: bionas data fetch fashion-mnist$/);
});

test('a name that is no data set is refused with those that are', async () => {
  await expect(data(['fetch', 'svhn'])).rejects.toThrow(new RegExp(DATASETS.join(', ')));
});

test('a fetch that was stopped asks no source', async () => {
  const reason = new Error('Ctrl-C');
  await expect(data(['fetch', 'mnist'], AbortSignal.abort(reason))).rejects.toThrow(reason);
});

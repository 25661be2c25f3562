// `bionas debug step`: a Trial's file in, two files out, and a plain word about a file that is none.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addDebugCommand } from '../../../cli/debug/index.ts';
import { createReferenceExecutor } from '../../../trainer/executors/index.ts';
import { makeTrialManifest } from '../../builders/manifest.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bionas-debug-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function debugStep(text: string, ...flags: string[]): Promise<string[]> {
  const lines: string[] = [];
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  const reference = createReferenceExecutor();
  addDebugCommand(program, {
    out: (line) => lines.push(line),
    readFile: async () => text,
    executors: { tensorflow: reference, reference },
    openData: async () => {
      throw new Error('the data set is not here');
    },
  });
  const args = ['debug', 'step', 'trial.json', '--out', directory, ...flags];
  await program.parseAsync(args, { from: 'user' });
  return lines;
}

const trial = JSON.stringify(makeTrialManifest());

test('writes the step and says where', async () => {
  const lines = await debugStep(trial, '--synthetic', '--batch', '1');
  expect(lines).toEqual(['step.safetensors', 'step.json'].map((name) => join(directory, name)));
  expect((await readdir(directory)).toSorted()).toEqual(['step.json', 'step.safetensors']);
});

test('writes each of several steps into a folder of its number', async () => {
  const lines = await debugStep(trial, '--synthetic', '--batch', '1', '--steps', '2');
  const files = ['1/step.safetensors', '1/step.json', '2/step.safetensors', '2/step.json'];
  expect(lines).toEqual(files.map((name) => join(directory, name)));
  expect((await readdir(directory)).toSorted()).toEqual(['1', '2']);
});

test('reads the data set unless told otherwise', async () => {
  await expect(debugStep(trial)).rejects.toThrow('the data set is not here');
});

test.each([
  ['no JSON', 'kind: Trial', 'trial.json: expected a Trial as JSON'],
  ['no Trial', '{"kind":"Pod"}', /trial\.json: apiVersion: .*; spec: /],
  [
    'a network that is none',
    JSON.stringify(makeTrialManifest({ genotype: 'lenet;conv1=BQ' })),
    /genotype, .*BQ/,
  ],
])('%s is refused', async (_, text, message) => {
  await expect(debugStep(text, '--synthetic')).rejects.toThrow(message);
});

test.each([
  ['a batch of half a picture', '--batch', '0.5'],
  ['no step', '--steps', '0'],
])('%s is refused', async (_, flag, value) => {
  await expect(debugStep(trial, '--synthetic', flag, value)).rejects.toThrow(
    /whole number of at least 1/,
  );
});

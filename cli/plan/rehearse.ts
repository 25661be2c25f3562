// Rehearses a trial in a trainer of its own, as `bionas run` would start it, in a directory that goes afterwards.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Report, type TrialResult, type TrialSpec } from '../../crds/index.ts';
import { REHEARSAL, type Rehearsed } from '../../trainer/rehearsal.ts';
import type { Measured } from './cost-model.ts';

export interface RehearsalPlace {
  readonly trainerCommand: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Directory of data sets and libraries. */
  readonly cache: string;
  /** Of each trainer. */
  readonly threads: number;
  /** Of each epoch. */
  readonly seconds: number;
  readonly signal: AbortSignal;
}

/** A trainer that came to no end. */
export class RehearsalError extends Error {
  override readonly name = 'RehearsalError';
}

const EPOCHS = 2;

/** Beside its epochs a process of a minute at most: more is no start any more. */
const MOST_START_SECONDS = 600;

/** @throws RehearsalError with the trainer's own words */
export async function rehearse(spec: TrialSpec, place: RehearsalPlace): Promise<Measured> {
  const directory = await mkdtemp(join(tmpdir(), 'bionas-plan-'));
  try {
    const began = performance.now();
    const result = await train(spec, directory, place);
    const wall = (performance.now() - began) / 1000;
    const path = join(directory, REHEARSAL);
    const rehearsed: Rehearsed = JSON.parse(await readFile(path, 'utf8'));
    await rm(path);
    const { steps, stepSeconds, evaluationBatches, evaluationSeconds, epochSeconds } = rehearsed;
    const regular =
      steps * stepSeconds + evaluationBatches * evaluationSeconds + EPOCHS * epochSeconds;
    return {
      ...rehearsed,
      genotype: spec.genotype,
      macs: result.metrics.macs,
      startSeconds: Math.max(0, wall - regular),
      keptBytes: await bytesIn(directory),
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function train(
  spec: TrialSpec,
  directory: string,
  { trainerCommand, env, cache, threads, seconds, signal }: RehearsalPlace,
): Promise<TrialResult> {
  const [program = '', ...args] = trainerCommand;
  const timeout = AbortSignal.timeout(1000 * (2 * seconds + MOST_START_SECONDS));
  const trainer = spawn(program, args, {
    env: {
      ...env,
      BIONAS_TRIAL: JSON.stringify(trialOf(spec)),
      BIONAS_WORKDIR: directory,
      BIONAS_CACHE: cache,
      BIONAS_THREADS: String(threads),
      BIONAS_BUS: 'lines',
      BIONAS_REHEARSAL_SECONDS: String(seconds),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: AbortSignal.any([signal, timeout]),
  });
  const ended = once(trainer, 'close');
  const [said, complained] = await Promise.all([text(trainer.stdout), text(trainer.stderr), ended]);
  const reports = said
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Report.parse(JSON.parse(line)).body);
  for (const body of reports) if (body.kind === 'result') return checked(body.result);
  const failure = reports.find((body) => body.kind === 'failure');
  const why = failure?.message ?? (complained.trim().split('\n').at(-1) || 'it ended in silence');
  throw new RehearsalError(`the trainer of ${spec.genotype} came to no end: ${why}`);
}

function checked(result: TrialResult): TrialResult {
  if (result.outcome === 'Trained') return result;
  throw new RehearsalError(
    result.outcome === 'Diverged'
      ? 'the loss left the finite numbers within a few steps: lower training.optimizer.learningRate'
      : 'the network is outside of spec.constraints before it is trained',
  );
}

/** Trained, scored and kept as a network of the search; nothing pauses or stops it. */
function trialOf(spec: TrialSpec) {
  const { stopping: _stopping, constraints: _constraints, template: _template, ...all } = spec;
  // What a rehearsal leaves goes with its directory.
  const { checkpoints: _checkpoints, ...rest } = all;
  const epochs = Math.max(EPOCHS, spec.training.epochs);
  return {
    apiVersion: 'bionas.dev/v1alpha1',
    kind: 'Trial',
    metadata: { name: 'rehearsal', namespace: 'default' },
    spec: {
      ...rest,
      purpose: 'Search',
      training: { ...spec.training, epochs },
      fidelity: { epochs: EPOCHS },
    },
  };
}

async function bytesIn(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = files.map(
    async ({ parentPath, name }) => (await stat(join(parentPath, name))).size,
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

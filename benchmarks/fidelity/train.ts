// One run of a fidelity target: the trainer's own process in a directory that stays, so that a run that was stopped goes on.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Report, Trial, TrialResult } from '../../crds/index.ts';
import type { RunSpec } from './targets.ts';

export interface Run {
  readonly name: string;
  readonly spec: RunSpec;
  readonly seed: number;
  readonly directory: string;
  readonly threads: number;
  readonly onEpoch: (epoch: number, accuracy: number, gradientAngle: number | undefined) => void;
}

const TRAINER = fileURLToPath(new URL('../../trainer/main.ts', import.meta.url));

/** Rejects with the trainer's last words. */
export async function trainOnce(run: Run): Promise<TrialResult> {
  mkdirSync(run.directory, { recursive: true });
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', TRAINER], {
    env: {
      ...process.env,
      BIONAS_TRIAL: JSON.stringify(trialOf(run)),
      BIONAS_WORKDIR: run.directory,
      BIONAS_THREADS: String(run.threads),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const words: string[] = [];
  child.stderr.on('data', (data) => words.push(String(data)));
  for await (const line of createInterface({ input: child.stdout })) {
    const { success, data } = Report.safeParse(jsonOf(line));
    if (!success || data.body.kind !== 'epoch') continue;
    const { epoch, accuracy, gradientAngle } = data.body.metrics;
    run.onEpoch(epoch, accuracy, gradientAngle);
  }
  const code = child.exitCode ?? (await new Promise((done) => child.once('exit', done)));
  if (code !== 0)
    throw new Error(`${run.name}: exit code ${code}\n${words.join('').slice(-2_000)}`);
  const { identity: _, ...result } = JSON.parse(
    readFileSync(join(run.directory, 'result.json'), 'utf8'),
  );
  return TrialResult.parse(result);
}

function trialOf({ name, spec, seed }: Run): Trial {
  return Trial.parse({
    apiVersion: 'bionas.dev/v1alpha1',
    kind: 'Trial',
    metadata: { name },
    spec: {
      ...spec,
      search: 'fidelity',
      index: 0,
      purpose: 'Final',
      proposedAfter: 0,
      seed,
      fidelity: { epochs: spec.training.epochs },
    },
  });
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

// `bionas debug step TRIAL.json`: writes training steps out, for whoever wants to compute them again (docs/debug-step.md).
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { Trial, type TrialSpec } from '../../crds/index.ts';
import {
  type StepPorts,
  syntheticData,
  takeSteps,
  writeStep,
} from '../../trainer/debug-step/index.ts';
import { atLeastOne } from '../whole-number.ts';

/** tensorflow: as trainers compute. reference: in float64, slowly, without a rounding to argue about. */
const EXECUTORS = ['tensorflow', 'reference'] as const;
type ExecutorName = (typeof EXECUTORS)[number];

export interface DebugIo extends Pick<StepPorts, 'openData'> {
  readonly executors: Readonly<Record<ExecutorName, StepPorts['executor']>>;
  out(line: string): void;
  readFile(path: string): Promise<string>;
}

interface StepFlags {
  readonly out: string;
  readonly batch?: number;
  readonly steps: number;
  readonly executor: ExecutorName;
  readonly synthetic: boolean;
}

/** A file that holds no Trial. */
export class TrialFileError extends Error {
  override readonly name = 'TrialFileError';
}

export function addDebugCommand(program: Command, io: DebugIo): void {
  program
    .command('debug')
    .description('look inside what a trainer does')
    .command('step')
    .description('take the first training step of a trial, or several, and write all tensors down')
    .argument('<file>', 'JSON with one Trial')
    .requiredOption('--out <directory>', 'where step.safetensors and step.json go')
    .option(
      '--steps <n>',
      'steps, each in a folder of its number where more than one',
      atLeastOne,
      1,
    )
    .option('--batch <n>', 'pictures of a step (default: as the trial says)', atLeastOne)
    .addOption(
      new Option('--executor <name>', 'tensorflow computes as trainers do, reference in float64')
        .choices(EXECUTORS)
        .default('tensorflow'),
    )
    .option('--synthetic', 'noise in place of the data set', false)
    .action(async (file: string, flags: StepFlags) => {
      const spec = withBatch(trialIn(file, await io.readFile(file)).spec, flags.batch);
      for await (const path of writeSteps(spec, flags, io)) io.out(path);
    });
}

async function* writeSteps(spec: TrialSpec, flags: StepFlags, io: DebugIo): AsyncGenerator<string> {
  const { out, steps, synthetic } = flags;
  const openData = synthetic ? async (of: TrialSpec) => syntheticData(of, steps) : io.openData;
  const ports = { executor: io.executors[flags.executor], openData };
  let number = 1;
  for await (const step of takeSteps(spec, ports, steps)) {
    yield* await writeStep(steps === 1 ? out : join(out, `${number}`), step);
    number += 1;
  }
}

function trialIn(file: string, text: string): Trial {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new TrialFileError(`${file}: expected a Trial as JSON`, { cause });
  }
  const { data, error } = Trial.safeParse(json);
  if (data !== undefined) return data;
  const problems = error.issues.map(
    ({ path, message }) => `${path.join('.') || 'Trial'}: ${message}`,
  );
  throw new TrialFileError(`${file}: ${problems.join('; ')}`);
}

const withBatch = (spec: TrialSpec, batchSize = spec.training.batchSize): TrialSpec => ({
  ...spec,
  training: { ...spec.training, batchSize },
});

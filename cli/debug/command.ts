// `bionas debug step TRIAL.json`: writes one training step out, for whoever wants to compute it again (docs/debug-step.md).
import { type Command, InvalidArgumentError, Option } from 'commander';
import { Trial, type TrialSpec } from '../../crds/index.ts';
import {
  type StepPorts,
  syntheticData,
  takeStep,
  writeStep,
} from '../../trainer/debug-step/index.ts';

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
    .description('take the first training step of a trial and write all its tensors down')
    .argument('<file>', 'JSON with one Trial')
    .requiredOption('--out <directory>', 'where step.safetensors and step.json go')
    .option('--batch <n>', 'pictures of the step (default: as the trial says)', atLeastOne)
    .addOption(
      new Option('--executor <name>', 'tensorflow computes as trainers do, reference in float64')
        .choices(EXECUTORS)
        .default('tensorflow'),
    )
    .option('--synthetic', 'noise in place of the data set', false)
    .action(async (file: string, flags: StepFlags) => {
      const spec = withBatch(trialIn(file, await io.readFile(file)).spec, flags.batch);
      const openData = flags.synthetic ? async (of: TrialSpec) => syntheticData(of) : io.openData;
      const step = await takeStep(spec, { executor: io.executors[flags.executor], openData });
      for (const path of await writeStep(flags.out, step)) io.out(path);
    });
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

function atLeastOne(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('a whole number of at least 1');
  return value;
}

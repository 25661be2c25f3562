// `bionas plan FILE`: what a search takes, before it is started.
import { type Command, InvalidArgumentError, Option } from 'commander';
import { executorOption, withExecutor } from '../executor-option.ts';
import { lookAhead, type PreflightIo, readSearchFile } from '../run/index.ts';
import { atLeastOne } from '../whole-number.ts';
import { planLines } from './lines.ts';
import { type PlanOptions, planSearch } from './plan.ts';

export interface PlanIo
  extends PreflightIo,
    Pick<PlanOptions, 'cores' | 'env' | 'trainerCommand' | 'signal'> {
  out(line: string): void;
  err(line: string): void;
  readFile(path: string): Promise<string>;
}

interface PlanFlags {
  readonly networks: number;
  readonly seconds: number;
  readonly slots?: number;
  readonly price?: number;
  readonly executor?: string;
  readonly output: 'text' | 'json';
}

const HELP = `
The search's own algorithm and scheduler say which networks would be trained, and how far, by scores that are drawn: nothing
is trained to know them. The smallest, the largest and some between them are then trained for a few seconds here, as many at
once as the search would have; all others follow by their multiply-accumulates. Final networks are drawn at random.

Not in it: attacks of spec.final.robustness, trials that fail or find nothing to compute, what constraints rule out, and the
waiting for nodes of a cluster. Trainers beyond the cores of this machine are taken to have a node of their own.

Exit codes: 0 planned, 1 a trainer came to no end, 2 wrong usage or manifest.`;

export function addPlanCommand(program: Command, io: PlanIo): void {
  program
    .command('plan')
    .description('train a few networks of a search for seconds, and say what all of it will take')
    .argument('<file>', 'YAML with one BioNASSearch')
    .option('--networks <n>', 'of each stage, to be measured', atLeastOne, 5)
    .option('--seconds <s>', 'of each of their two epochs', atLeastOne, 4)
    .option('--slots <n>', 'trainers at once (default: spec.parallelism)', atLeastOne)
    .option('--price <money>', 'of a device for an hour', positive)
    .addOption(executorOption())
    .addOption(
      new Option('-o, --output <format>', 'text or json').choices(['text', 'json']).default('text'),
    )
    .addHelpText('after', HELP)
    .action((file: string, flags: PlanFlags) => plan(file, flags, io));
}

async function plan(file: string, flags: PlanFlags, io: PlanIo): Promise<void> {
  const search = await readSearchFile(file, io);
  const env = withExecutor(io.env, flags.executor);
  const { notes, pictures } = await lookAhead(search.spec, { ...io, env });
  for (const line of notes) io.err(line);
  const { networks, seconds, price, slots = search.spec.parallelism } = flags;
  const note = (line: string) => io.err(line);
  const options = { ...io, env, networks, seconds, slots, price, note };
  const prediction = await planSearch(search, pictures, options);
  const lines =
    flags.output === 'json'
      ? [JSON.stringify(prediction, null, 2)]
      : planLines(search.metadata.name, prediction);
  for (const line of lines) io.out(line);
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value)))
    throw new InvalidArgumentError('Expected a number above 0.');
  return value;
}

// `make bench-fidelity TARGET=...`: trains published networks by published recipes and sets the errors beside the published ones.
// Hours on 2 cores; a run that was stopped goes on where it was, finished ones are not done again. Writes results/fidelity-TARGET.json.
import { existsSync, readFileSync } from 'node:fs';
import { cpus, homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { LearningRuleName, TrialResult } from '../crds/index.ts';
import { type RunSpec, TARGETS, type Target } from './fidelity/targets.ts';
import { trainOnce } from './fidelity/train.ts';
import { writeResult } from './results.ts';

const { values } = parseArgs({
  options: {
    target: { type: 'string', default: 'lenet5-fashion-mnist' },
    epochs: { type: 'string' },
    seed: { type: 'string', default: '1' },
    rule: { type: 'string', multiple: true },
    rate: { type: 'string' },
  },
});
const { target: name } = values;
const target = TARGETS[name];
if (target === undefined)
  throw new Error(`no target ${name}: expected one of ${Object.keys(TARGETS).join(', ')}`);
const seed = Number(values.seed);
const cache = join(
  process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'),
  'bionas',
  'fidelity',
);

interface Figures {
  /** Top-1 on the test pictures [%]. */
  readonly error: number;
  readonly published: number | undefined;
  readonly epochs: number;
  readonly seed: number;
  readonly learningRate: number;
  readonly seconds: number;
  readonly alignment: TrialResult['alignment'];
}

/** Published recipe, or a shorter one by its pattern. */
function specOf(of: Target, rule: LearningRuleName): RunSpec {
  const spec = of.spec(rule);
  const { training } = spec;
  const epochs = Number(values.epochs ?? training.epochs);
  const milestones = training.schedule.milestones.map((at) =>
    Math.max(1, Math.round((at * epochs) / training.epochs)),
  );
  const optimizer = {
    ...training.optimizer,
    ...(values.rate === undefined ? {} : { learningRate: Number(values.rate) }),
  };
  return {
    ...spec,
    training: { ...training, epochs, optimizer, schedule: { ...training.schedule, milestones } },
  };
}

async function figuresOf(of: Target, rule: LearningRuleName): Promise<Figures> {
  const spec = specOf(of, rule);
  const { epochs } = spec.training;
  const key = [name, `${epochs} epochs`, `seed ${values.seed}`, values.rate ?? 'rate', rule]
    .join('-')
    .replaceAll(' ', '-');
  const result = await trainOnce({
    name: `fidelity-${rule.toLowerCase()}`,
    spec,
    seed,
    directory: join(cache, key),
    threads: 1,
    onEpoch: (epoch, accuracy, angle) => {
      const distance =
        angle === undefined ? '' : `, ${angle.toFixed(1)} degrees from backpropagation`;
      console.log(
        `  ${rule} epoch ${epoch} of ${epochs}: ${(100 * accuracy).toFixed(2)} % of the training pictures${distance}`,
      );
    },
  });
  // A network that diverged answers nothing right.
  const { testAccuracy = 0, seconds } = result.metrics;
  const error = round(100 * (1 - testAccuracy));
  console.log(`${rule}: error ${error} %, published ${of.published[rule] ?? 'nowhere'}`);
  const { learningRate } = spec.training.optimizer;
  const published = of.published[rule];
  return { error, published, epochs, seed, learningRate, seconds, alignment: result.alignment };
}

const rules = target.rules.filter((rule) => values.rule?.includes(rule) ?? true);
const figures = new Map<string, Figures>();
const waiting = [...rules];
async function work(of: Target): Promise<void> {
  for (let rule = waiting.shift(); rule !== undefined; rule = waiting.shift())
    figures.set(rule, await figuresOf(of, rule));
}
await Promise.all(cpus().map(() => work(target)));

// A rate of one's own is a try, not a record.
if (values.rate === undefined) await record(target);

/** What was not measured now stays as it was. */
async function record(of: Target): Promise<void> {
  const file = new URL(`results/fidelity-${name}.json`, import.meta.url);
  const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).figures : {};
  const all: Record<string, Figures> = { ...before, ...Object.fromEntries(figures) };
  const ratios = Object.entries(all).flatMap(([rule, { error, published }]) =>
    published === undefined ? [] : [[rule, round(error / published)] as const],
  );
  await writeResult(`fidelity-${name}`, {
    machine: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
    what: `top-1 error on the test pictures [%]; ratios are ours / published. ${of.source}`,
    ratios: Object.fromEntries(ratios),
    figures: all,
  });
}

function round(value: number): number {
  return Math.round(1000 * value) / 1000;
}

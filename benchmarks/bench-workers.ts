// `make bench-workers`: a step of one process with two threads beside the same step, of the same batch, by two workers with one thread
// each, who add up over loopback. On two cores the ratio is what working together costs. Writes results/workers.json.
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { freePorts } from '../operator/adapters/local/index.ts';
import { writeResult } from './results.ts';
import { interleave, type Stepper, startStepper } from './stepper.ts';
import { type BenchmarkCase, CASES } from './trainer/cases.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '7' } } });
const rounds = Number(values.rounds);
const WORLD = 2;
const STEPPER = fileURLToPath(new URL('trainer/ours.ts', import.meta.url));

const commandOf = (test: BenchmarkCase): readonly string[] => [
  process.execPath,
  STEPPER,
  JSON.stringify(test),
];

/** Workers of one step: as one stepper, which takes as long as the slowest. */
async function startTeam(test: BenchmarkCase): Promise<Stepper> {
  const addresses = (await freePorts(WORLD)).map((port) => `127.0.0.1:${port}`).join(',');
  const command = commandOf({ ...test, threads: test.threads / WORLD });
  const workers = await Promise.all(
    Array.from({ length: WORLD }, (_, rank) => {
      const env = { BIONAS_PEERS: addresses, BIONAS_RANK: String(rank) };
      return startStepper({ name: `worker ${rank}`, command, env });
    }),
  );
  return {
    name: `${WORLD} workers`,
    about: workers[0]?.about ?? '',
    get peakMegabytes() {
      return workers.reduce((sum, { peakMegabytes }) => sum + peakMegabytes, 0);
    },
    run: async (steps) => Math.max(...(await Promise.all(workers.map((each) => each.run(steps))))),
    close: async () => void (await Promise.all(workers.map((each) => each.close()))),
  };
}

const ratios: Record<string, number> = {};
const figures: Record<string, unknown> = {};
for (const test of CASES.filter(({ name }) => name.endsWith(', BP'))) {
  const steppers = [
    await startStepper({ name: 'one process', command: commandOf(test) }),
    await startTeam(test),
  ];
  const timings = await interleave(steppers, { rounds, steps: test.steps, warmup: 3 });
  for (const stepper of steppers) await stepper.close();
  const [one, team] = timings;
  if (one === undefined || team === undefined) throw new Error('both were timed');
  ratios[test.name] = Number((team.minimum / one.minimum).toFixed(2));
  figures[test.name] = timings;
  const shown = timings.map((each) => `${each.name} ${each.minimum.toFixed(1)} ms`).join(', ');
  console.log(`${test.name}: ${shown}, ratio ${ratios[test.name]}`);
}
await writeResult('workers', {
  machine: cpus()[0]?.model ?? 'unknown',
  what: 'milliseconds of a step of 64 pictures: two workers with one thread each over one process with two',
  ratios,
  rounds,
  figures,
});

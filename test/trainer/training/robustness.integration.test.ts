// A trial that is attacked, on TensorFlow: its surrogate, and every place where it may be stopped.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseGenotype } from '../../../crds/index.ts';
import { runTrial } from '../../../trainer/training/index.ts';
import { surrogateSpec } from '../../../trainer/training/surrogate.ts';
import { tensorFlow } from '../../builders/tensorflow.ts';
import { makePorts, makeTrialSpec, watched } from '../../builders/training.ts';
import { makeDirectory, resultOf } from '../../builders/trial-runs.ts';

const spec = makeTrialSpec(
  { optimizer: { name: 'adam', learningRate: 0.01 } },
  {
    robustness: {
      pictures: 20,
      attacks: [
        { name: 'fgsm', epsilons: [32] },
        { name: 'transfer', epsilons: [32, 64], steps: 3 },
        { name: 'square', epsilons: [64], queries: 4 },
      ],
    },
  },
);

test('a surrogate has the same operations and recipe, and backpropagates throughout', () => {
  const other = surrogateSpec(spec);
  expect(parseGenotype(other.genotype)).not.toEqual(parseGenotype(spec.genotype));
  expect(other.genotype.replaceAll(/(:|=)\w+/g, '$1')).toBe(
    spec.genotype.replaceAll(/(:|=)\w+/g, '$1'),
  );
  expect(new Set(other.genotype.match(/(?<=[:=])\w+/g))).toEqual(new Set(['BP']));
  expect(other.seed).not.toBe(spec.seed);
  expect(other.training.optimizer).toEqual(spec.training.optimizer);
});

async function run(directory: string, stopAfter = Number.POSITIVE_INFINITY) {
  if (tensorFlow === undefined) throw new Error('no TensorFlow');
  const stop = new AbortController();
  const { executor, runs } = watched(tensorFlow, (number) => number >= stopAfter && stop.abort());
  const log: string[] = [];
  const ports = makePorts(directory, executor, {
    signal: stop.signal,
    threads: 1,
    log: (line) => log.push(line.replace(/ in [\d.]+ s$/, '')),
  });
  return { outcome: await runTrial(spec, ports), runs, log };
}

const robustnessOf = ({ outcome }: Awaited<ReturnType<typeof run>>) => resultOf(outcome).robustness;

test.skipIf(tensorFlow === undefined)(
  'stopped again and again, it ends with the attacks of a trial that was not',
  async () => {
    const straight = await run(await makeDirectory());
    const expected = robustnessOf(straight);
    expect(expected?.attacks.map(({ attack, signal }) => [attack, signal])).toEqual([
      ['fgsm', 'rules'],
      ['fgsm', 'exact'],
      ['transfer', undefined],
      ['transfer', undefined],
      ['square', undefined],
    ]);
    const directory = await makeDirectory();
    const attempts = [];
    // The network's training, its attacks, and the surrogate's training are cut in turn.
    for (const stopAfter of [14, 4, 3, 6, 12, 4]) {
      const attempt = await run(directory, stopAfter);
      expect(attempt.outcome.kind).toBe('interrupted');
      attempts.push(attempt);
    }
    const last = await run(directory);
    expect(robustnessOf(last)).toEqual(expected);
    const told = [...attempts, last].flatMap(({ log }) => log);
    const attacks = straight.log.filter((line) => line.startsWith('attack'));
    expect(told.filter((line) => line.startsWith('attack'))).toEqual(attacks);
    expect(existsSync(join(directory, 'surrogate.safetensors'))).toBe(true);
  },
);

test.skipIf(tensorFlow === undefined)(
  'a surrogate is trained once, and only when asked for',
  async () => {
    const { runs, log } = await run(await makeDirectory());
    expect(log.filter((line) => line.includes('surrogate'))).toHaveLength(1);
    const trained = runs.filter((entry) => entry === 'train').length;
    expect(trained).toBe(2 * 2 * 5);
  },
);

// The manifests that re-make the paper's tables: nobody has run them, but each of their networks is built, taught and attacked.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Attack, Trial, TrialSpec } from '../../crds/index.ts';
import { attackRuns } from '../../trainer/attacks/index.ts';
import type { Executor } from '../../trainer/executors/index.ts';
import { runTrial } from '../../trainer/training/index.ts';
import { exampleFiles, exampleText, exampleTrials } from '../builders/example-trials.ts';
import { buildStep, takeFewSteps } from '../builders/few-steps.ts';
import { tensorFlow } from '../builders/tensorflow.ts';
import { makePorts, openMadeUp } from '../builders/training.ts';

const files = exampleFiles().filter((file) => file.startsWith('paper/'));
const executor = tensorFlow as Executor;
/** At its width a batch of 96 takes minutes on two cores; two pictures take seconds. */
const FEW_PICTURES = 2;

const withFewPictures = ({ spec }: Trial): TrialSpec => ({
  ...spec,
  training: { ...spec.training, batchSize: FEW_PICTURES },
});

/** Those that differ in size or recipe; controls differ in rules alone. */
const unlike = (trials: readonly Trial[]): Trial[] =>
  trials.filter(({ spec }) => spec.control === undefined);

test('the table names every manifest', () => {
  const table = exampleText('paper/README.md').match(/(?<=`)[\w-]+\.yaml(?=`.*\|)/g) ?? [];
  expect(files).toEqual([...new Set(table)].map((name) => `paper/${name}`).toSorted());
});

test.each(['lr-nas1', 'biodarts'])('%s is the cell as published', (name) => {
  const [trial] = exampleTrials(`paper/${name}.yaml`);
  expect(trial?.spec.genotype).toBe(exampleText(`genotypes/${name}.txt`).trim());
});

/** Supernets are trained beside the other examples of them. */
const ofNetworks = files.filter((file) =>
  exampleTrials(file).every(({ spec }) => spec.kind !== 'Supernet'),
);

describe.each(ofNetworks)('%s', (file) => {
  const trials = exampleTrials(file);

  test.each(trials.map((trial) => [trial.metadata.name, trial] as const))(
    '%s can be written down whole, its batch as it is',
    async (_name, { spec }) => {
      const { program, rules } = await buildStep(spec);
      expect(program.entries['train']?.inputs['pictures']?.shape[0]).toBe(spec.training.batchSize);
      const { kind, name = '' } = spec.control ?? {};
      const others = Object.values(rules).filter((rule) => rule !== name && rule !== 'BP');
      if (kind === 'rule') expect(others).toEqual([]);
    },
  );

  test
    .skipIf(tensorFlow === undefined)
    .each(unlike(trials).map((trial) => [trial.metadata.name, trial] as const))(
    '%s learns at its full size, from two pictures a step',
    async (_name, trial) => {
      const taken = await takeFewSteps(withFewPictures(trial), { executor, steps: 3 });
      expect(taken.losses.every(Number.isFinite)).toBe(true);
      expect(new Set(taken.losses).size).toBe(3);
      expect(taken.parameters.length).toBeGreaterThan(0);
      expect(taken.unmoved).toEqual([]);
    },
  );
});

/** The attack as it is, but weak. */
const weak = ({ steps, queries, ...attack }: Attack): Attack => ({
  ...attack,
  ...(steps === undefined ? {} : { steps: 2 }),
  ...(queries === undefined ? {} : { queries: 2 }),
});

/** A final trial with all its attacks, of a network so small that they take seconds. */
function attacked(file: string): TrialSpec | undefined {
  const trial = exampleTrials(file).find(({ spec }) => spec.robustness !== undefined);
  if (trial?.spec.robustness === undefined) return undefined;
  const { shape, training, robustness } = trial.spec;
  return {
    ...trial.spec,
    shape: { ...shape, channels: 4, ...(shape.cells === undefined ? {} : { cells: 3 }) },
    training: { ...training, epochs: 1, batchSize: 40 },
    fidelity: { epochs: 1 },
    robustness: { pictures: 2, attacks: robustness.attacks.map(weak) },
  };
}

describe.skipIf(tensorFlow === undefined)('attacks, on a smaller network', () => {
  const specs = files.flatMap((file) => {
    const spec = attacked(file);
    return spec === undefined ? [] : [[file, spec] as const];
  });
  // Manifests that ask for the same attacks on one kind of network need them once.
  const kindOf = ([, { genotype, robustness }]: (typeof specs)[number]) =>
    JSON.stringify([genotype.split(';')[0], robustness]);
  const different = [...Map.groupBy(specs, kindOf).values()].flatMap((alike) => alike.slice(0, 1));

  test.each(different)('%s', async (_file, spec) => {
    const directory = await mkdtemp(join(tmpdir(), 'bionas-paper-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const openData = async (of: TrialSpec) => openMadeUp(of, { height: 32, width: 32 });
    const ports = makePorts(directory, executor, { openData, threads: 1 });
    const outcome = await runTrial(spec, ports);
    const done = outcome.kind === 'result' ? (outcome.result.robustness?.attacks ?? []) : [];
    const asked = attackRuns(spec.robustness?.attacks ?? [], true);
    expect(done.map(({ accuracy: _, ...run }) => run)).toEqual(asked);
  });
});

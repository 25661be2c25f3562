// The trained network under attack: slopes against finite differences and between signals, and what a stopped trainer keeps.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LearningRuleName, Progress } from '../../../crds/index.ts';
import { losses } from '../../../trainer/attacks/answers.ts';
import { createReferenceExecutor } from '../../../trainer/executors/index.ts';
import { attackedModel } from '../../../trainer/training/attacked-model.ts';
import { buildStepProgram, inPlace } from '../../../trainer/training/index.ts';
import {
  measureRobustness,
  ROBUSTNESS,
  type RobustnessContext,
} from '../../../trainer/training/robustness.ts';
import type { Trained } from '../../../trainer/training/trial-ports.ts';
import { convertedTo, makeNetwork, randomValues, SMALL_NETWORKS } from '../../builders/networks.ts';
import { angleBetween } from '../../builders/ruled-layers.ts';
import { makeTrialSpec, openMadeUp, TASK } from '../../builders/training.ts';

const signal = new AbortController().signal;

/** A small network with random weights that attacks may ask. */
async function open(
  rule: LearningRuleName,
  attacks: unknown[] = [{ name: 'fgsm' }],
  { genotype } = SMALL_NETWORKS['nb201']!,
) {
  const robustness = { pictures: 12, attacks };
  const spec = makeTrialSpec({}, { genotype: convertedTo(rule, genotype), robustness });
  const network = await makeNetwork({
    ...SMALL_NETWORKS['nb201']!,
    genotype: spec.genotype,
    task: TASK,
  });
  const { data, statistics, task } = openMadeUp(spec);
  const step = buildStepProgram({
    network,
    task,
    statistics,
    training: spec.training,
    evaluationBatch: 250,
    attackBatch: 4,
  });
  const session = await createReferenceExecutor().open(step.program);
  await session.write(randomValues(step.variables.all));
  return { spec, step, session, task, data };
}

type Opened = Awaited<ReturnType<typeof open>>;

const modelOf = ({ step, session, task, spec }: Opened, along: 'rules' | 'exact') =>
  attackedModel(
    { task, session, program: step.program, seed: spec.seed, signal, beat: () => {} },
    along,
  );

async function picturesOf({ data }: Opened, count: number) {
  for await (const { pictures, labels } of data.evaluation()) {
    const size = pictures.length / labels.length;
    const x = Float32Array.from(pictures.subarray(0, count * size), (value) => value / 255);
    return { x, labels: labels.slice(0, count) };
  }
  throw new Error('no pictures');
}

describe('slopes', () => {
  test('the exact one is what finite differences say, whatever the rules', async () => {
    const opened = await open('FA');
    const model = modelOf(opened, 'exact');
    const pictures = await picturesOf(opened, 2);
    const { gradient, logits } = await model.slope(pictures);
    expect(logits).toEqual(await model.answer(pictures));
    const h = 1e-2;
    const at = async (pixel: number, by: number) => {
      const x = pictures.x.slice();
      x[pixel] = x[pixel]! + by;
      const [loss = Number.NaN] = losses(await model.answer({ ...pictures, x }), pictures.labels);
      return loss;
    };
    const strongest = [...gradient.subarray(0, gradient.length / 2).keys()]
      .toSorted((a, b) => Math.abs(gradient[b]!) - Math.abs(gradient[a]!))
      .slice(0, 5);
    for (const pixel of strongest) {
      const slope = ((await at(pixel, h)) - (await at(pixel, -h))) / (2 * h);
      expect(gradient[pixel]! / slope).toBeCloseTo(1, 1);
    }
  });

  test.each<[LearningRuleName, number, number]>([
    ['BP', 0, 0.01],
    ['uSF', 5, 80],
    ['FA', 40, 130],
    ['DRTP', 40, 140],
  ])('of %s is %d to %d degrees from the exact one', async (rule, least, most) => {
    const opened = await open(rule);
    const pictures = await picturesOf(opened, 8);
    const [own, exact] = await Promise.all([
      modelOf(opened, 'rules').slope(pictures),
      modelOf(opened, 'exact').slope(pictures),
    ]);
    const tensor = (data: Float32Array) => ({ dtype: 'float32' as const, shape: [], data });
    const angle = angleBetween(tensor(own.gradient), tensor(exact.gradient));
    expect(own.logits).toEqual(exact.logits);
    expect(angle).toBeGreaterThanOrEqual(least);
    expect(angle).toBeLessThanOrEqual(most);
  });

  test('each picture has its own, whoever is in the batch', async () => {
    const opened = await open('frSF');
    const model = modelOf(opened, 'rules');
    const pictures = await picturesOf(opened, 3);
    const size = pictures.x.length / 3;
    const together = await model.slope(pictures);
    const alone = await model.slope({
      x: pictures.x.slice(size, 2 * size),
      labels: pictures.labels.slice(1, 2),
    });
    expect(together.gradient.slice(size, 2 * size)).toEqual(alone.gradient);
  });

  test('brSF draws anew for every call', async () => {
    const opened = await open('brSF');
    const model = modelOf(opened, 'rules');
    const pictures = await picturesOf(opened, 2);
    const [first, second] = [await model.slope(pictures), await model.slope(pictures)];
    expect(second.logits).toEqual(first.logits);
    expect(second.gradient).not.toEqual(first.gradient);
  });
});

describe('a trial', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'bionas-robustness-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  const ATTACKS = [
    { name: 'fgsm', epsilons: [8, 64] },
    { name: 'square', queries: 5, epsilons: [64] },
  ];
  const measure = (opened: Opened, more: Partial<RobustnessContext>) =>
    measureRobustness({
      ...opened,
      clock: { now: () => 0 },
      directory,
      keeper: inPlace,
      log: () => {},
      listener: { progress: () => {}, epoch: () => {} },
      signal,
      trainSurrogate: () => Promise.reject(new Error('nobody asks for it')),
      ...more,
    });

  test('says what each attack left, along both signals', async () => {
    const opened = await open('FA', ATTACKS);
    const result = await measure(opened, {});
    expect(result?.pictures).toBe(12);
    const before = result?.accuracy ?? 0;
    expect(
      result?.attacks.map(({ attack, bound, signal: along }) => [attack, bound, along]),
    ).toEqual([
      ['fgsm', 8, 'rules'],
      ['fgsm', 8, 'exact'],
      ['fgsm', 64, 'rules'],
      ['fgsm', 64, 'exact'],
      ['square', 64, undefined],
    ]);
    for (const { accuracy, signal: along } of result?.attacks ?? []) {
      expect(12 * accuracy).toBeCloseTo(Math.round(12 * accuracy), 9);
      if (along === 'exact') expect(accuracy).toBeLessThanOrEqual(before);
    }
  });

  test('tells how many attacks have ended', async () => {
    const told: Progress[] = [];
    const listener = { progress: (each: Progress) => void told.push(each), epoch: () => {} };
    await measure(await open('BP', ATTACKS), { listener });
    expect(told.map(({ attacks }) => attacks)).toEqual([
      { ended: 0, of: 3 },
      { ended: 0, of: 3 },
      { ended: 1, of: 3 },
      { ended: 2, of: 3 },
    ]);
    expect(told.every(({ epoch, epochs }) => epoch === epochs)).toBe(true);
  });

  test('is heard of while an attack takes its time, and while a surrogate trains', async () => {
    const told: Progress[] = [];
    const listener = { progress: (each: Progress) => void told.push(each), epoch: () => {} };
    let now = 0;
    const clock = { now: () => (now += 600) };
    const slow = [{ name: 'pgd', steps: 20, epsilons: [1] }];
    await measure(await open('BP', slow), { listener, clock });
    expect(told.length).toBeGreaterThan(20);
    told.length = 0;
    const trainSurrogate = async (beat: () => void) => {
      for (let step = 0; step < 50; step += 1) beat();
      return undefined;
    };
    await measure(await open('BP', [{ name: 'transfer' }]), { listener, clock, trainSurrogate });
    expect(told.length).toBeGreaterThan(20);
  });

  test('is attacked through another network, unless that one diverged', async () => {
    const opened = await open('FA', [
      { name: 'transfer', epsilons: [8, 64], steps: 2 },
      ...ATTACKS.slice(1),
    ]);
    const other = await open('BP');
    const close = vi.spyOn(other.session, 'close');
    const surrogate = other as unknown as Trained;
    const through = await measure(opened, { trainSurrogate: async () => surrogate });
    expect(through?.attacks.map(({ attack, bound }) => [attack, bound])).toEqual([
      ['transfer', 8],
      ['transfer', 64],
      ['square', 64],
    ]);
    expect(close).toHaveBeenCalledOnce();
    await rm(join(directory, ROBUSTNESS));
    const lines: string[] = [];
    const without = await measure(opened, {
      trainSurrogate: async () => undefined,
      log: (line) => lines.push(line),
    });
    expect(without?.attacks).toEqual(through?.attacks.slice(2));
    expect(lines.filter((line) => line.includes('left out'))).toHaveLength(2);
  });

  test('of backpropagation alone is attacked along one signal', async () => {
    const result = await measure(await open('BP', ATTACKS), {});
    expect(result?.attacks.map(({ signal: along }) => along)).toEqual([
      'exact',
      'exact',
      undefined,
    ]);
  });

  test('of backpropagation and an operation that learns locally sends a signal of its own', async () => {
    const local = SMALL_NETWORKS['nb201 that learns locally']!;
    const result = await measure(await open('BP', ATTACKS.slice(0, 1), local), {});
    expect(result?.attacks.map(({ signal: along }) => along)).toEqual(
      expect.arrayContaining(['rules', 'exact']),
    );
  });

  test('that is stopped between two attacks goes on with the next, to the same result', async () => {
    const whole = await measure(await open('FA', ATTACKS), {});
    await rm(join(directory, ROBUSTNESS));
    const stop = new AbortController();
    const stopped = await measure(await open('FA', ATTACKS), {
      signal: stop.signal,
      log: (line) => line.startsWith('attack 3 of 5') && stop.abort(),
    });
    expect(stopped).toBeUndefined();
    const kept = await readFile(join(directory, ROBUSTNESS), 'utf8');
    expect(kept.trim().split('\n')).toHaveLength(3);
    const lines: string[] = [];
    const resumed = await measure(await open('FA', ATTACKS), { log: (line) => lines.push(line) });
    expect(lines).toHaveLength(2);
    expect(resumed).toEqual(whole);
  });

  test('whose journal is torn does that attack again', async () => {
    const opened = await open('FA', ATTACKS);
    const whole = await measure(opened, {});
    const path = join(directory, ROBUSTNESS);
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.slice(0, -20));
    const lines: string[] = [];
    expect(await measure(opened, { log: (line) => lines.push(line) })).toEqual(whole);
    expect(lines).toHaveLength(1);
  });
});

// The checks of a card, in the order in which a failure explains those after it. Each says what it found.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LEARNING_RULES } from '../../crds/index.ts';
import { cudaLibraries, readDriver } from '../../trainer/self-check/index.ts';
import type { Bench } from './bench.ts';
import {
  apart,
  busy,
  cellsUnder,
  LENET,
  lossesApart,
  OTHER_CELLS,
  type Outcome,
  type StepCase,
} from './steps.ts';

export type Verdict = readonly [kind: 'passed' | 'failed' | 'skipped', note: string];

export interface Check {
  readonly name: string;
  /** Needs a card even where the others are rehearsed. */
  readonly cardOnly?: true;
  readonly run: (bench: Bench) => Promise<readonly (readonly [name: string, Verdict])[] | Verdict>;
}

/** Of a step in float32: sums in another order, and signals on another side of a kink. */
const CLOSE = 1e-2;
const OLDEST_DRIVER = 525;

const judge = (isGood: boolean, note: string): Verdict => [isGood ? 'passed' : 'failed', note];
const first = ({ outcomes }: { readonly outcomes: readonly Outcome[] }): Outcome => outcomes[0]!;
const sizeOf = ({ isRehearsal }: Bench) => (isRehearsal ? 'processor' : 'card');

async function driver(): Promise<Verdict> {
  const { version = 'none', cards, devices } = await readDriver('/');
  const isGood = Number.parseInt(version, 10) >= OLDEST_DRIVER && devices.length > 0;
  return judge(isGood, `driver ${version}; ${cards.join(', ') || 'no card'}; ${devices.join(' ')}`);
}

async function libraries({ libraryDir }: Bench): Promise<Verdict> {
  const found = Object.entries(await cudaLibraries(libraryDir));
  const wanted = ['cublas', 'cuda_runtime', 'cudnn', 'nccl'];
  const missing = wanted.filter((name) => !found.some(([each]) => each === name));
  const note = found.map((each) => each.join(' ')).join(', ');
  return judge(
    missing.length === 0,
    missing.length === 0 ? note : `missing: ${missing.join(', ')}`,
  );
}

async function listed(bench: Bench): Promise<Verdict> {
  const { description } = await bench.onCard({ cases: [cellsUnder('BP')] });
  const wanted = bench.isRehearsal ? 'CPU' : 'GPU';
  return judge(description.device === wanted, `${description.library}: ${description.device}`);
}

/** A step of each rule, and of each other kind of convolution, beside the same on the processor. */
async function rules(bench: Bench) {
  const named: readonly (readonly [string, StepCase])[] = [
    ...LEARNING_RULES.map((rule) => [rule, cellsUnder(rule)] as const),
    ...Object.entries(OTHER_CELLS),
  ];
  const question = { cases: named.map(([, test]) => test) };
  const [card, processor] = [await bench.onCard(question), await bench.onProcessor(question)];
  return named.map(([name], i) => {
    const distance = apart(card.outcomes[i]!, processor.outcomes[i]!);
    const note = `${distance.toExponential(1)} from the processor's`;
    return [`a step: ${name}`, judge(distance < CLOSE, note)] as const;
  });
}

async function determinism(bench: Bench): Promise<Verdict> {
  const question = { device: { deterministic: true }, cases: [busy(sizeOf(bench))] };
  const [one, other] = [first(await bench.onCard(question)), first(await bench.onCard(question))];
  const isSame =
    JSON.stringify(one) === JSON.stringify({ ...other, milliseconds: one.milliseconds });
  const without = first(await bench.onCard({ ...question, device: {} }));
  const cost = `${speed(one)}, without ${speed(without)}`;
  return judge(isSame, isSame ? `two runs to the last bit; ${cost}` : 'two runs differ');
}

const speed = ({ milliseconds }: Outcome): string => `${milliseconds.toFixed(1)} ms a step`;

async function memory(bench: Bench): Promise<Verdict> {
  const cases = [cellsUnder('BP')];
  const growing = await bench.onCard({ cases });
  const whole = await bench.onCard({ device: { memory: 'whole' }, cases });
  if (growing.memory === undefined || whole.memory === undefined)
    return ['skipped', 'no nvidia-smi here'];
  const note = `growing ${growing.memory.used} MiB, whole ${whole.memory.used} of ${whole.memory.total} MiB`;
  return judge(2 * growing.memory.used < whole.memory.used, note);
}

async function tensorFloat32(bench: Bench): Promise<Verdict> {
  const cases = [busy(sizeOf(bench))];
  const exact = first(await bench.onCard({ cases }));
  const rounded = first(await bench.onCard({ device: { tensorFloat32: true }, cases }));
  const note = `${speed(exact)}, with it ${speed(rounded)}; losses ${lossesApart(rounded, exact).toExponential(1)} apart`;
  return judge(lossesApart(rounded, exact) > 0, note);
}

async function xla(bench: Bench): Promise<Verdict> {
  const plain = first(await bench.onCard({ cases: [busy(sizeOf(bench))] }));
  const compiled = first(
    await bench.onCard({ device: { xla: true }, cases: [busy(sizeOf(bench))] }),
  );
  const distance = Math.abs((compiled.losses[0] ?? Number.NaN) - (plain.losses[0] ?? 0));
  const note = `first losses ${distance.toExponential(1)} apart; ${speed(compiled)}, without ${speed(plain)}`;
  return judge(distance < 1e-3, note);
}

async function precisions(bench: Bench) {
  const cases = (['float32', 'bfloat16', 'float16'] as const).map((precision) => ({
    ...busy(sizeOf(bench)),
    precision,
  }));
  const { outcomes } = await bench.onCard({ cases });
  const full = outcomes[0]!;
  return cases.map(({ precision }, i) => {
    const outcome = outcomes[i]!;
    const distance = Math.abs((outcome.losses[0] ?? Number.NaN) - (full.losses[0] ?? 0));
    const note = `${speed(outcome)}; first losses ${distance.toExponential(1)} apart`;
    return [`precision ${precision}`, judge(distance < 0.05, note)] as const;
  });
}

/** Steps whose kernels an earlier process compiled. */
async function computeCache(bench: Bench): Promise<Verdict> {
  const computeCacheDir = await mkdtemp(join(tmpdir(), 'bionas-check-gpu-'));
  try {
    const question = { computeCacheDir, device: { xla: true }, cases: [cellsUnder('BP')] };
    const cold = Date.now();
    await bench.onCard(question);
    const warm = Date.now();
    await bench.onCard(question);
    const seconds = [warm - cold, Date.now() - warm].map((each) => (each / 1000).toFixed(1));
    const files = await readdir(computeCacheDir, { recursive: true });
    const note = `${seconds[0]} s, with what it kept ${seconds[1]} s`;
    return judge(
      files.some((file) => file.startsWith('xla')),
      note,
    );
  } finally {
    await rm(computeCacheDir, { recursive: true });
  }
}

async function workers(bench: Bench): Promise<Verdict> {
  const { devices } = await readDriver('/');
  if (!bench.isRehearsal && devices.length < 2) return ['skipped', 'it needs two cards'];
  const question = { cases: [LENET] };
  const alone = first(await bench.onCard(question));
  const together = await bench.onCards(2, question);
  const distance = Math.max(...together.map((each) => apart(first(each), alone)));
  return judge(distance < CLOSE, `${distance.toExponential(1)} from one worker's`);
}

async function webGpu(bench: Bench): Promise<Verdict> {
  const question = { executor: 'onnx-webgpu' as const, cases: [cellsUnder('FA')] };
  const card = await bench.onCard(question).catch((cause: unknown) => String(cause));
  if (typeof card === 'string') {
    const line = /WebGPU finds no GPU.*/.exec(card)?.[0];
    return line === undefined ? judge(false, card.slice(0, 200)) : ['skipped', line.slice(0, 120)];
  }
  const processor = await bench.onProcessor({ cases: question.cases });
  const distance = apart(first(card), first(processor));
  const { library, device } = card.description;
  const isGood = distance < CLOSE && (bench.isRehearsal || device === 'GPU');
  return judge(isGood, `${library}: ${device}; ${distance.toExponential(1)} from the processor's`);
}

export const CHECKS: readonly Check[] = [
  { name: 'driver and cards', cardOnly: true, run: driver },
  { name: 'CUDA libraries', cardOnly: true, run: libraries },
  { name: 'device', run: listed },
  { name: 'a step', run: rules },
  { name: 'determinism', run: determinism },
  { name: 'memory', cardOnly: true, run: memory },
  { name: 'tensorFloat32', cardOnly: true, run: tensorFloat32 },
  { name: 'XLA', run: xla },
  { name: 'precision', run: precisions },
  { name: 'compute cache', run: computeCache },
  { name: 'two workers', run: workers },
  { name: 'WebGPU', run: webGpu },
];

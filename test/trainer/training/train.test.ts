// The loop on an executor that only notes what it is asked: where a run may be stopped, and that nothing is done twice.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { type EpochMetrics, TrialResult } from '../../../crds/index.ts';
import type { Executor, Session, Tensors } from '../../../trainer/executors/index.ts';
import { sizeOf } from '../../../trainer/program/index.ts';
import {
  BadInputError,
  CHECKPOINT,
  type RunOutcome,
  runTrial,
} from '../../../trainer/training/index.ts';
import { makePorts, makeTrialSpec, watched } from '../../builders/training.ts';

const scalar = (value: number) => ({
  dtype: 'float32' as const,
  shape: [],
  data: Float32Array.of(value),
});

/** Counts its training steps in every variable, and says a loss that the test chooses. */
function countingExecutor(lossOf: (step: number, entry: string) => number = () => 1): Executor {
  const open: Executor['open'] = async (program) => {
    let values: Record<string, Tensors[string]> = {};
    let steps = 0;
    const session: Session = {
      description: { executor: 'counting', library: 'none', device: 'none' },
      run: async (entry) => {
        if (entry === 'train') steps = (Object.values(values)[0]?.data[0] ?? 0) + 1;
        for (const { name, shape } of program.variables)
          values[name] = {
            dtype: 'float32',
            shape,
            data: new Float32Array(sizeOf(shape)).fill(steps),
          };
        return { loss: scalar(lossOf(steps, entry)), correct: scalar(5) };
      },
      read: async () => values,
      write: async (written) => {
        values = { ...values, ...written };
        for (const [name, tensor] of Object.entries(written))
          if (steps === 0 && !Number.isInteger(tensor.data[0]))
            values[name] = { ...tensor, data: new Float32Array(tensor.data.length) };
      },
      close: () => {},
    };
    return session;
  };
  return { name: 'counting', open };
}

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'train-'));
  onTestFinished(() => rm(directory, { recursive: true }));
});

interface Attempt {
  readonly outcome: RunOutcome;
  readonly runs: readonly string[];
  readonly epochs: readonly EpochMetrics[];
}

/** One attempt at the trial, told to stop before the run of that number. */
async function attempt(
  spec = makeTrialSpec(),
  stopBefore = -1,
  executor = countingExecutor(),
): Promise<Attempt> {
  const stop = new AbortController();
  const { runs, executor: seen } = watched(executor, (run) => run === stopBefore && stop.abort());
  const epochs: EpochMetrics[] = [];
  const listener = {
    progress: () => {},
    epoch: (metrics: EpochMetrics) => void epochs.push(metrics),
  };
  const outcome = await runTrial(
    spec,
    makePorts(directory, seen, { listener, signal: stop.signal }),
  );
  return { outcome, runs, epochs };
}

const STEPS = ['train', 'train', 'train', 'train', 'train'];
const EPOCH = [...STEPS, 'evaluate'];
/** The last of so few steps is compared with backpropagation, the others are not. */
const LAST = [...STEPS, 'align'];
const BOTH = [...EPOCH, ...LAST, 'evaluate'];

test('a search trial trains and scores each epoch', async () => {
  const { outcome, runs, epochs } = await attempt();
  expect(runs).toEqual(BOTH);
  expect(epochs).toMatchObject([
    { epoch: 1, loss: 1, accuracy: 5 / 16, validationAccuracy: 5 / 20 },
    { epoch: 2 },
  ]);
  expect(outcome).toMatchObject({ result: { outcome: 'Trained', metrics: { accuracy: 0.25 } } });
});

test('a final trial looks at the test pictures once, at its end', async () => {
  const { outcome, runs } = await attempt(makeTrialSpec({}, { purpose: 'Final' }));
  expect(runs).toEqual([...STEPS, ...LAST, 'evaluate']);
  expect(outcome).toMatchObject({ result: { metrics: { testAccuracy: 0.25 } } });
});

/** Numbers of the run before which the signal comes, over both epochs. */
const moments = Array.from({ length: BOTH.length }, (_, run) => run);

test.each(moments)(
  'stopped at run %i, it goes on where it was: no step is lost or done twice',
  async (moment) => {
    const first = await attempt(makeTrialSpec(), moment);
    if (first.outcome.kind === 'result') {
      expect(moment).toBe(12);
      return;
    }
    const second = await attempt();
    const steps = [...first.runs, ...second.runs].filter((entry) => entry === 'train');
    expect(steps).toHaveLength(10);
    expect(second.outcome).toMatchObject({ kind: 'result' });
    const { epochs = [] } = second.outcome.kind === 'result' ? second.outcome.result : {};
    expect(epochs.map(({ epoch, loss, accuracy }) => [epoch, loss, accuracy])).toEqual([
      [1, 1, 5 / 16],
      [2, 1, 5 / 16],
    ]);
  },
);

test('stopped in an evaluation of many batches, it ends before the next batch and evaluates anew', async () => {
  const stop = new AbortController();
  const { runs, executor } = watched(countingExecutor(), (run) => run === 5 && stop.abort());
  const ports = makePorts(directory, executor, { signal: stop.signal });
  const openData = ports.openData;
  const twice = {
    ...ports,
    openData: async (spec: Parameters<typeof openData>[0]) => {
      const opened = await openData(spec);
      async function* evaluation() {
        yield* opened.data.evaluation();
        yield* opened.data.evaluation();
      }
      return { ...opened, data: { ...opened.data, evaluation } };
    },
  };
  expect(await runTrial(makeTrialSpec(), twice)).toEqual({ kind: 'interrupted', epoch: 0 });
  expect(runs).toEqual(EPOCH);
  const again = watched(countingExecutor());
  await runTrial(makeTrialSpec(), { ...twice, ...again, signal: new AbortController().signal });
  expect(again.runs.slice(0, 3)).toEqual(['evaluate', 'evaluate', 'train']);
});

test.each([
  ['its test goes on with the test', false, 2, ['evaluate']],
  ['its last look goes on with the look', true, 1, ['align', 'evaluate']],
] as const)('a final trial that is stopped before %s', async (_what, alignment, epoch, left) => {
  const spec = makeTrialSpec({ alignment }, { purpose: 'Final' });
  expect((await attempt(spec, 9)).outcome).toEqual({ kind: 'interrupted', epoch });
  expect((await attempt(spec)).runs).toEqual(left);
});

test('a loss that is not finite ends the trial, diverged and without files', async () => {
  const { outcome, runs } = await attempt(
    makeTrialSpec(),
    -1,
    countingExecutor((step) => (step < 3 ? 2 : NaN)),
  );
  expect(runs).toEqual(['train', 'train', 'train']);
  expect(outcome).toMatchObject({ result: { outcome: 'Diverged', epochs: [], artifacts: {} } });
  expect(await readdir(directory)).toEqual([]);
});

/** Every step is well, but what the evaluations from this step on find is not. */
const lostAt = (lost: number) =>
  countingExecutor((step, entry) => (entry === 'evaluate' && step >= lost ? NaN : 2));

test.each(['Search', 'Final'] as const)(
  'weights that the last step has lost are a diverged result of a %s trial',
  async (purpose) => {
    const { outcome } = await attempt(makeTrialSpec({}, { purpose }), -1, lostAt(10));
    expect(outcome).toMatchObject({ result: { outcome: 'Diverged', artifacts: {} } });
    const result = outcome.kind === 'result' ? outcome.result : undefined;
    expect(Object.keys(result?.metrics ?? {})).not.toContain('accuracy');
    expect(TrialResult.parse(JSON.parse(JSON.stringify(result)))).toMatchObject(result ?? {});
  },
);

test('an evaluation without a finite loss on the way does not end a trial that mends', async () => {
  const mends = countingExecutor((step, entry) => (entry === 'evaluate' && step === 5 ? NaN : 2));
  const { outcome } = await attempt(makeTrialSpec(), -1, mends);
  expect(outcome).toMatchObject({
    result: { outcome: 'Trained', epochs: [{ validationLoss: null }, { validationLoss: 0.1 }] },
  });
});

test('a long epoch is saved now and then', async () => {
  let now = 0;
  const slow = { clock: { now: () => (now += 25_000) } };
  const { executor } = watched(countingExecutor(), (run) => {
    if (run === 4) throw new Error('killed');
  });
  await expect(runTrial(makeTrialSpec(), makePorts(directory, executor, slow))).rejects.toThrow(
    'killed',
  );
  const again = await attempt();
  expect(again.runs.filter((entry) => entry === 'train').length).toBeLessThan(10);
});

test('fewer pictures than a batch are bad input', async () => {
  await expect(attempt(makeTrialSpec({ batchSize: 81 }))).rejects.toThrow(BadInputError);
});

test('a trial that was trained to a rung goes on from there, by the schedule of the whole training', async () => {
  const whole = (await attempt(makeTrialSpec({ epochs: 3 }))).epochs;
  for (const file of [CHECKPOINT, `${CHECKPOINT}.1`]) await rm(join(directory, file));
  const to = (epochs: number) =>
    attempt(makeTrialSpec({ epochs: 3 }, { fidelity: { epochs, pause: epochs < 3 } }));
  const rung = await to(1);
  expect(rung.outcome).toMatchObject({ kind: 'result', result: { epochs: [{ epoch: 1 }] } });
  const end = await to(3);
  expect(end.runs.filter((run) => run === 'train')).toHaveLength(2 * 5);
  const rates = [...rung.epochs, ...end.epochs].map(({ learningRate }) => learningRate);
  expect(rates).toEqual(whole.map(({ learningRate }) => learningRate));
});

test('a trial that its stopping rule ends says so, and is asked again where it was killed before it could', async () => {
  const stopping = { metric: 'accuracy', minEpochs: 2, patience: 1, minDelta: 0.5 };
  const spec = makeTrialSpec({ epochs: 9 }, { stopping });
  const { outcome, epochs } = await attempt(spec);
  expect(outcome).toMatchObject({
    kind: 'result',
    result: { outcome: 'Trained', stopped: 'Plateau' },
  });
  expect(epochs).toHaveLength(2);
  const again = await attempt(spec);
  expect(again.runs.filter((run) => run === 'train')).toEqual([]);
  expect(again.outcome).toMatchObject({ result: { stopped: 'Plateau' } });
});

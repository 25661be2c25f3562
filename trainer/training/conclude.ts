// The result of a trial that is trained or diverged: scores, what was measured on the way, and where its files are.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  EPOCHS_KEPT,
  type EpochMetrics,
  type RobustnessResult,
  type TrialResult,
} from '../../crds/index.ts';
import { byRule } from './alignment.ts';
import { ALIGNMENT } from './alignment-journal.ts';
import type { LoopState } from './checkpoint.ts';
import type { EarlyMetrics } from './early-metrics.ts';
import { earlyStop } from './early-stop.ts';
import type { Score } from './evaluate.ts';
import type { LateMetrics } from './late-metrics.ts';
import { precisionOf } from './precision.ts';
import { ROBUSTNESS } from './robustness.ts';
import type { TrainOutcome } from './train.ts';
import type { Trained, TrialPorts } from './trial-ports.ts';

export interface Ending {
  /** Its size, and what else a search asked to be measured. */
  readonly measured: EarlyMetrics & LateMetrics;
  /** The epoch whose scores are the trial's; default: the last. */
  readonly kept?: EpochMetrics | undefined;
  /** Of a final trial. */
  readonly test?: Score | undefined;
  /** Where asked for. */
  readonly robustness?: RobustnessResult | undefined;
  readonly ports: TrialPorts;
  readonly path: string;
}

export async function conclude(
  trained: Trained,
  outcome: TrainOutcome,
  { measured, kept, test, robustness, ports, path }: Ending,
): Promise<TrialResult> {
  const { loop } = outcome;
  const last = kept ?? loop.history.at(-1);
  const diverged = outcome.kind === 'diverged' || !Number.isFinite(test?.loss ?? 0);
  const accuracy = test?.accuracy ?? last?.validationAccuracy;
  const artifacts = diverged
    ? {}
    : await places({ ...(await filesOf(trained, accuracy, ports)), checkpoint: path }, ports);
  const rates = loop.history.map(({ picturesPerSecond }) => picturesPerSecond);
  const stopped = earlyStop(trained.spec, loop);
  return {
    outcome: diverged ? 'Diverged' : 'Trained',
    ...(stopped === undefined || diverged ? {} : { stopped }),
    metrics: {
      ...(diverged ? {} : { ...scoresOf(last), ...testScoresOf(test) }),
      ...measured,
      picturesPerSecond: rates.reduce((sum, rate) => sum + rate, 0) / Math.max(1, rates.length),
      seconds: loop.seconds,
    },
    epochs: selected(loop.history),
    ...(loop.alignment === undefined ? {} : { alignment: byRule(loop.alignment.layers) }),
    ...(robustness === undefined ? {} : { robustness }),
    artifacts,
    precision: await precisionOf(trained.session, trained.spec.training.precision),
    executor: trained.session.description,
  };
}

/** The result of a trial that is outside of its constraints before its first step. */
export const ruledOut = (
  { session }: Trained,
  measured: EarlyMetrics,
  seconds: number,
): TrialResult => ({
  outcome: 'Infeasible',
  metrics: { ...measured, picturesPerSecond: 0, seconds },
  epochs: [],
  artifacts: {},
  executor: session.description,
});

/** What the artifact writer leaves, and what was measured on the way. */
async function filesOf(
  trained: Trained,
  accuracy: number | undefined,
  { writeArtifacts, directory }: TrialPorts,
): Promise<Record<string, string>> {
  const written = await writeArtifacts(trained, accuracy);
  // Not there where nothing was measured: no layer had a gradient, or nobody asked.
  const journals = [ALIGNMENT, ROBUSTNESS].map((name) => [name, join(directory, name)] as const);
  return { ...written, ...Object.fromEntries(journals.filter(([, path]) => existsSync(path))) };
}

/** Where others find the files; without those that could not be kept. */
async function places(
  files: Readonly<Record<string, string>>,
  { keeper }: TrialPorts,
): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [name, path] of Object.entries(files)) {
    const place = await keeper.keep(path);
    if (place !== undefined) found[name] = place;
  }
  return found;
}

/** At most EPOCHS_KEPT epochs, evenly spaced, the last one always among them. */
function selected<T>(history: readonly T[]): T[] {
  const every = Math.ceil(history.length / EPOCHS_KEPT);
  return history.filter((_, i) => (history.length - 1 - i) % every === 0);
}

function scoresOf(last: LoopState['history'][number] | undefined) {
  const loss = last?.validationLoss;
  return {
    ...(last?.validationAccuracy === undefined ? {} : { accuracy: last.validationAccuracy }),
    ...(loss === undefined || loss === null ? {} : { loss }),
  };
}

const testScoresOf = (test: Ending['test']): Partial<TrialResult['metrics']> =>
  test === undefined ? {} : { testAccuracy: test.accuracy, testLoss: test.loss };

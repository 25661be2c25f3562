// What runs one trial: where its pictures, its compute and its files come from, and what is there once it is trained.
import type { Genotype, TrialSpec } from '../../crds/index.ts';
import type { Executor, Session } from '../executors/index.ts';
import type { Network, Task } from '../network/index.ts';
import type { Worker } from '../program/index.ts';
import type { Keeper } from './keeper.ts';
import type { Statistics } from './objective.ts';
import type { Clock, Listener, TrainingData } from './ports.ts';
import type { Spans } from './spans.ts';
import type { StepProgram } from './step-program.ts';

/** The pictures of one trial, ready to be asked for batches. */
export interface OpenedData {
  readonly task: Task;
  /** Names, in the order of the labels. */
  readonly classes: readonly string[];
  readonly statistics: Statistics;
  readonly data: TrainingData;
  close(): Promise<void>;
}

/** What is to be trained, in its session. */
export interface InSession {
  readonly spec: TrialSpec;
  readonly task: Task;
  readonly classes: readonly string[];
  readonly statistics: Statistics;
  readonly session: Session;
  readonly step: StepProgram;
  readonly directory: string;
  /** Which of several trains it; default: one. */
  readonly worker?: Worker;
}

/** What an artifact writer is given. */
export interface Trained extends InSession {
  readonly genotype: Genotype;
  readonly network: Network;
}

export interface TrialPorts {
  readonly executor: Executor;
  readonly threads?: number;
  /** Which of several workers this process is; default: the only one. */
  readonly worker?: Worker;
  /** Where checkpoint and artifacts go. */
  readonly directory: string;
  readonly openData: (spec: TrialSpec) => Promise<OpenedData>;
  /** Writes files of a trained network and what it scored, in [0, 1]; name to path. */
  readonly writeArtifacts: (
    trained: Trained,
    accuracy: number | undefined,
  ) => Promise<Record<string, string>>;
  readonly keeper: Keeper;
  readonly clock: Clock;
  readonly listener: Listener;
  readonly spans: Spans;
  /** For people who read the trainer's log. */
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

// What a training runs on: its spec, its program in a session, pictures, and whom it tells.
import type { EpochMetrics, TrialSpec } from '../../crds/index.ts';
import type { Session, Tensors } from '../executors/index.ts';
import type { Task } from '../network/index.ts';
import type { Program } from '../program/index.ts';
import type { MeasuredLayer } from './alignment-entry.ts';
import type { LoopState } from './checkpoint.ts';
import type { Score } from './evaluate.ts';
import type { Clock, Listener, TrainingData } from './ports.ts';
import type { Spans } from './spans.ts';
import type { Team } from './team.ts';

/** What a kind of training adds to the loop. */
export interface Course {
  /** Before the first step of an epoch (0-based), and again where one was interrupted. Beats now and then; returns early where the signal came. */
  begin?(context: TrainContext, epoch: number, beat: () => void): Promise<void>;
  /** Entry of the program that is a step of this epoch (0-based). */
  entryAt(epoch: number): string;
  /** What else a step is fed at this place of the loop. */
  inputs?(context: TrainContext, at: Pick<LoopState, 'epoch' | 'step'>): Tensors;
  /** Scores what was trained, in the place of the network as it is. Undefined where the signal came. */
  score?(context: TrainContext): Promise<Score | undefined>;
  /** What else is known after an epoch. Undefined where the signal came. */
  look(context: TrainContext): Promise<Partial<EpochMetrics> | undefined>;
  /** Whether training is over before its last epoch. */
  hasEnded(history: readonly EpochMetrics[]): boolean;
}

export interface TrainContext {
  readonly spec: TrialSpec;
  readonly task: Task;
  readonly program: Program;
  readonly session: Session;
  readonly data: TrainingData;
  readonly clock: Clock;
  readonly listener: Listener;
  readonly spans: Spans;
  /** Ends the loop after the running step, or the running batch of an evaluation. */
  readonly signal: AbortSignal;
  /** Layers that the entry `align` measures; none: it is not there. */
  readonly measured: readonly MeasuredLayer[];
  readonly course?: Course;
  /** Who trains together. */
  readonly team: Team;
  /** Called at the end of each epoch, in long ones now and then, and when interrupted. */
  readonly save: (loop: LoopState) => Promise<void>;
}

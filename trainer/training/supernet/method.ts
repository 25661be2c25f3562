// What a way to search in a supernet is to the Trial: its program, what it adds to the loop, and what it finds at the end.
import type { EpochMetrics, Supernet as SupernetSpec, TrialResult } from '../../../crds/index.ts';
import type { Session } from '../../executors/index.ts';
import type { SupernetCandidate, SupernetPlan } from '../../network/index.ts';
import type { StepPlan } from '../open-step.ts';
import type { StepProgram } from '../step-program.ts';
import type { TrainOutcome } from '../train.ts';
import type { Course, TrainContext } from '../train-context.ts';

/** The rule of all layers that are no candidate's: a supernet converts partially, as in the paper. */
export const REST = 'BP';

export interface Searched {
  readonly settings: SupernetSpec;
  readonly candidates: readonly SupernetCandidate[];
}

export interface Found {
  /** With what was found after its last epoch. */
  readonly outcome: TrainOutcome;
  /** The epoch whose scores are the trial's; undefined where none ended. */
  readonly kept?: EpochMetrics | undefined;
  /** Canonical text. */
  readonly genotype: string;
  readonly judged?: NonNullable<TrialResult['supernet']>['judged'];
}

export interface SupernetMethod {
  program(
    plan: Omit<StepPlan, 'network'>,
    mixed: SupernetPlan,
    settings: SupernetSpec,
  ): StepProgram;
  course(searched: Searched, session: Session): Course;
  /** Of a supernet that is trained, or has diverged. Undefined where the trainer is asked to end. */
  find(
    searched: Searched,
    context: TrainContext,
    outcome: TrainOutcome,
  ): Promise<Found | undefined>;
}

// Searches under a scheduler for tests: networks that report when a list of moves says so, and what the engine makes of it.
import fc from 'fast-check';
import type { Scheduling } from '../../crds/index.ts';
import {
  createEngine,
  type EngineSpec,
  type EngineState,
  type HistoryEvent,
  type Outcome,
  type ProposedTrial,
  withEvent,
} from '../../operator/search/index.ts';
import { hashScore, makeEngineSpec } from './search.ts';

/** Which of the running networks reports next (modulo their count), and how it is. */
export interface ReportMove {
  readonly pick: number;
  readonly fate: 'trained' | 'failed' | 'diverged' | 'infeasible';
}

export const reportMoves = ({ minLength = 0 } = {}): fc.Arbitrary<ReportMove[]> =>
  fc.array(
    fc.record({
      pick: fc.nat({ max: 20 }),
      fate: fc.oneof(
        { weight: 8, arbitrary: fc.constant('trained' as const) },
        { weight: 1, arbitrary: fc.constant('failed' as const) },
        { weight: 1, arbitrary: fc.constant('diverged' as const) },
        { weight: 1, arbitrary: fc.constant('infeasible' as const) },
      ),
    }),
    { minLength, maxLength: 200, size: 'max' },
  );

/** All that trains well, in turn. */
export const inOrder = (count: number): ReportMove[] =>
  Array.from({ length: count }, () => ({ pick: 0, fate: 'trained' }));

export function makeScheduledSpec(
  scheduling: Scheduling,
  { epochs = 9, seed = 1 }: { epochs?: number; seed?: number } = {},
): EngineSpec {
  return { ...makeEngineSpec({ seed }), scheduling, training: { epochs } };
}

export interface ScheduledRun {
  readonly state: EngineState;
  readonly trials: readonly ProposedTrial[];
  readonly events: readonly HistoryEvent[];
  /** Decisions in words, in their order. */
  readonly decisions: readonly string[];
  /** Of each network, the epochs of its plans. */
  readonly plans: ReadonlyMap<number, readonly number[]>;
  /** Indices that failed, diverged or were ruled out. */
  readonly lost: ReadonlySet<number>;
  /** Most that trained at once. */
  readonly busiest: number;
}

export interface Limits {
  readonly trials: number;
  readonly places: number;
}

type Between = (state: EngineState) => EngineState;

/** Plays until the moves are over or nothing trains any more; `between` may exchange the state before each decision. */
export function playScheduled(
  spec: EngineSpec,
  limits: Limits,
  moves: readonly ReportMove[],
  between: Between = (state) => state,
): ScheduledRun {
  const player = new Player(spec, limits, between);
  player.fill();
  for (const move of moves) {
    if (player.running.length === 0) break;
    player.report(move);
    player.fill();
  }
  return player;
}

function outcomeOf(fate: ReportMove['fate'], value: number): Outcome {
  if (fate === 'failed') return { kind: 'failed' };
  if (fate === 'infeasible') return { kind: 'infeasible', violation: 0.5 };
  // Some of those that train are outside of a constraint by then.
  return { kind: 'scored', objectives: [value], ...(value < 0.3 ? { violation: 1 - value } : {}) };
}

class Player implements ScheduledRun {
  readonly trials: ProposedTrial[] = [];
  readonly events: HistoryEvent[] = [];
  readonly decisions: string[] = [];
  readonly plans = new Map<number, number[]>();
  readonly lost = new Set<number>();
  busiest = 0;
  state: EngineState;
  readonly #engine;
  readonly #limits: Limits;
  readonly #between: Between;

  constructor(spec: EngineSpec, limits: Limits, between: Between) {
    this.#engine = createEngine(spec);
    this.#limits = limits;
    this.#between = between;
    this.state = this.#engine.initial;
  }

  get running() {
    return this.state.outstanding.filter(([, , { paused }]) => !paused);
  }

  fill(): void {
    while (this.running.length < this.#limits.places) {
      this.state = this.#between(this.state);
      const mayStart = this.trials.length < this.#limits.trials;
      const next = this.#engine.next(this.state, { mayStart });
      if (next.kind === 'none') return;
      if (next.kind === 'promote') this.#hear({ kind: 'promotion', index: next.index });
      else this.#start();
      const index = next.kind === 'promote' ? next.index : this.trials.length - 1;
      const [, , { plan }] = this.running.find(([running]) => running === index)!;
      this.plans.set(index, [...(this.plans.get(index) ?? []), plan.epochs]);
      this.decisions.push(`${next.kind} ${index} to ${plan.epochs}`);
      this.busiest = Math.max(this.busiest, this.running.length);
    }
  }

  report({ pick, fate }: ReportMove): void {
    this.state = this.#between(this.state);
    const { running } = this;
    const [index, genotype, { plan }] = running[pick % running.length]!;
    const { epochs } = plan;
    const pause = fate === 'trained' && plan.pauses ? { kind: 'pause' as const } : {};
    const value = fate === 'diverged' ? 0 : hashScore(`${genotype} ${epochs}`);
    const curve = Array.from({ length: epochs }, (_, e) => hashScore(`${genotype} ${e + 1}`));
    const outcome = outcomeOf(fate, value);
    if (fate !== 'trained') this.lost.add(index);
    this.#hear({ ...pause, index, genotype, outcome, curve });
  }

  #start(): void {
    const { state, proposal } = this.#engine.ask(this.state);
    this.state = state;
    this.trials.push(proposal!);
  }

  #hear(event: HistoryEvent): void {
    this.events.push(event);
    this.state = withEvent(this.#engine, this.state, event);
  }
}

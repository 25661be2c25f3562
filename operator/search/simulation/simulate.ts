// A whole search on a table of learning curves, event by event: what an algorithm and a scheduler come to with some workers, in
// simulated time. Nothing is trained, so a search takes milliseconds. Pure.
import { bestOf, stopAfter } from '../../../crds/index.ts';
import type { Proposal } from '../algorithm.ts';
import { createEngine, type Engine, type EngineSpec, type EngineState } from '../engine.ts';
import type { Plan } from '../scheduling/index.ts';

/** What training a network would show. */
export interface SimulatedNetwork {
  /** First objective after each epoch of a whole training. */
  readonly curve: readonly number[];
  /** Seconds of an epoch. */
  readonly epochSeconds: number;
  /** Later objectives, in their order and in the metric's own sign; none where there is one. */
  readonly others?: readonly number[];
  /** It fails in the epoch after these. */
  readonly failsAfter?: number;
}

export interface Simulation {
  readonly spec: EngineSpec;
  /** Networks that may be proposed. */
  readonly trials: number;
  /** Networks that train at once. */
  readonly workers: number;
  /** Undefined of a network that nobody knows: it is passed over, as if it had never been proposed. */
  readonly networkOf: (genotype: string) => SimulatedNetwork | undefined;
}

/** Proposals in a row that nobody knows, after which a search gives up. */
const UNKNOWN_IN_A_ROW = 1000;

export interface SimulatedEvent {
  /** `let go`: it had paused, and nothing could promote it any more. */
  readonly kind: 'started' | 'promoted' | 'paused' | 'ended' | 'failed' | 'let go';
  readonly index: number;
  readonly genotype: string;
  /** Seconds since the beginning. */
  readonly time: number;
  /** It has trained so far; of `started` and `promoted`, it is to train. */
  readonly epochs: number;
  /** First objective after the epochs trained; of a network that a rule stopped the best so far. Absent before the first. */
  readonly value?: number;
  /** Trained by all networks up to now. */
  readonly spentEpochs: number;
  /** Proposals up to now that nobody knows. */
  readonly unknown: number;
}

interface Run {
  readonly index: number;
  readonly genotype: string;
  readonly from: number;
  readonly to: number;
  readonly end: 'paused' | 'ended' | 'failed' | 'stopped';
  readonly ends: number;
}

export function* simulate(simulation: Simulation): Generator<SimulatedEvent> {
  const simulator = new Simulator(simulation);
  for (;;) {
    yield* simulator.fillPlaces();
    if (simulator.isIdle) break;
    yield simulator.nextEnd();
  }
  yield* simulator.letGo();
}

class Simulator {
  readonly #simulation: Simulation;
  readonly #engine: Engine;
  #state: EngineState;
  #running: readonly Run[] = [];
  /** Epochs that each network has trained. */
  readonly #trained = new Map<number, number>();
  #time = 0;
  #spent = 0;
  #unknown = 0;
  #exhausted = false;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
    this.#engine = createEngine(simulation.spec);
    this.#state = this.#engine.initial;
  }

  get isIdle(): boolean {
    return this.#running.length === 0;
  }

  *fillPlaces(): Generator<SimulatedEvent> {
    const { workers, trials } = this.#simulation;
    while (this.#running.length < workers) {
      const mayStart = !this.#exhausted && this.#state.algorithm.proposed - this.#unknown < trials;
      const next = this.#engine.next(this.#state, { mayStart });
      if (next.kind === 'none') return;
      const index = next.kind === 'promote' ? this.#promote(next.index) : this.#propose();
      if (index === undefined) continue;
      const [, genotype, { plan }] = this.#outstanding(index);
      this.#running = [...this.#running, this.#runOf(index, genotype, plan)];
      const kind = next.kind === 'promote' ? 'promoted' : 'started';
      yield this.#event(kind, { index, genotype }, plan.epochs);
    }
  }

  /** The one that ends first; of several at once the earlier network. */
  nextEnd(): SimulatedEvent {
    const [run] = this.#running.toSorted((a, b) => a.ends - b.ends || a.index - b.index);
    if (run === undefined) throw new RangeError('no network is training');
    this.#running = this.#running.filter((other) => other !== run);
    const { index, genotype, to, end } = run;
    this.#time = run.ends;
    this.#spent += to - run.from;
    this.#trained.set(index, to);
    const kind = end === 'stopped' ? 'ended' : end;
    if (end !== 'failed') return this.#hear(run, kind);
    this.#state = this.#engine.tell(this.#state, { index, genotype, outcome: { kind: 'failed' } });
    return this.#event(kind, run, to);
  }

  *letGo(): Generator<SimulatedEvent> {
    for (const [index, genotype] of this.#state.outstanding)
      yield this.#hear({ index, genotype, end: 'ended' }, 'let go');
  }

  #hear(
    { index, genotype, end }: Pick<Run, 'index' | 'genotype' | 'end'>,
    kind: SimulatedEvent['kind'],
  ): SimulatedEvent {
    const epochs = this.#trained.get(index) ?? 0;
    const { curve: whole, others = [] } = this.#networkOf(genotype);
    const curve = whole.slice(0, epochs);
    const metric = this.#simulation.spec.objectives[0]?.metric === 'loss' ? 'loss' : 'accuracy';
    const value = end === 'stopped' ? bestOf(curve, metric) : (curve.at(-1) ?? 0);
    const outcome = { kind: 'scored', objectives: [value, ...others] } as const;
    const heard = { index, genotype, outcome, curve };
    this.#state =
      end === 'paused'
        ? this.#engine.pause(this.#state, heard)
        : this.#engine.tell(this.#state, heard);
    return { ...this.#event(kind, { index, genotype }, epochs), value };
  }

  #propose(): number | undefined {
    for (let inARow = 0; inARow < UNKNOWN_IN_A_ROW; inARow += 1) {
      const { state, proposal } = this.#engine.ask(this.#state);
      if (proposal === undefined) break;
      if (this.#simulation.networkOf(proposal.genotype) !== undefined) {
        this.#state = state;
        return proposal.index;
      }
      this.#passOver(state, proposal);
    }
    this.#exhausted = true;
    return undefined;
  }

  /** The algorithm will not propose it again, and learns nothing from it; the scheduler never hears of it. */
  #passOver(asked: EngineState, { index, genotype }: Proposal): void {
    const told = this.#engine.tell(asked, { index, genotype, outcome: { kind: 'failed' } });
    this.#state = { ...this.#state, algorithm: told.algorithm };
    this.#unknown += 1;
  }

  #promote(index: number): number {
    this.#state = this.#engine.promote(this.#state, index);
    return index;
  }

  #runOf(index: number, genotype: string, plan: Plan): Run {
    const { curve, epochSeconds, failsAfter } = this.#networkOf(genotype);
    const from = this.#trained.get(index) ?? 0;
    const stop = stopEpoch(plan, curve);
    const planned = stop ?? plan.epochs;
    const fails = failsAfter !== undefined && failsAfter < planned;
    const to = fails ? Math.max(from, failsAfter) : planned;
    const ending = stop === undefined ? (plan.pauses ? 'paused' : 'ended') : 'stopped';
    const ends = this.#time + (to - from) * epochSeconds;
    return { index, genotype, from, to, end: fails ? 'failed' : ending, ends };
  }

  #networkOf(genotype: string): SimulatedNetwork {
    const network = this.#simulation.networkOf(genotype);
    if (network === undefined) throw new RangeError(`network ${genotype} is not known any more`);
    return network;
  }

  #outstanding(index: number) {
    const found = this.#state.outstanding.find(([waiting]) => waiting === index);
    if (found === undefined) throw new RangeError(`network ${index} is not outstanding`);
    return found;
  }

  #event(
    kind: SimulatedEvent['kind'],
    { index, genotype }: Pick<Run, 'index' | 'genotype'>,
    epochs: number,
  ): SimulatedEvent {
    const now = { time: this.#time, spentEpochs: this.#spent, unknown: this.#unknown };
    return { kind, index, genotype, epochs, ...now };
  }
}

/** The epoch after which a rule ends it, before its plan does. */
function stopEpoch({ stopping, epochs }: Plan, curve: readonly number[]): number | undefined {
  if (stopping === undefined) return undefined;
  for (let e = 1; e < epochs; e += 1)
    if (stopAfter(stopping, curve.slice(0, e)) !== undefined) return e;
  return undefined;
}

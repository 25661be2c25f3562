// A whole machine that may fail at any call: operator, Pods that a node runs, reports that wait for their acknowledgement; and the
// steps that such a machine is put through.
import fc from 'fast-check';
import type { Trial, TrialResult } from '../../../../crds/index.ts';
import { ConflictError, type Reconciler } from '../../../../operator/runtime/index.ts';
import { makePod, makeResult, resultReport } from '../../../builders/objects.ts';
import { hashScore } from '../../../builders/search.ts';
import { Crash, reconcile } from '../world.ts';
import { SearchWorld } from './search-world.ts';

/** A whole machine: operator, Pods that a node runs, reports that wait for their acknowledgement. */
export class Machine {
  readonly world: SearchWorld;
  readonly #reports = new Map<string, ReturnType<typeof resultReport>>();
  readonly #fails: (trial: Trial) => boolean;
  #trial: Reconciler;

  /** Trials of which `fails` says so end with exit code 1. */
  constructor(spec: Record<string, unknown>, fails: (trial: Trial) => boolean = () => false) {
    this.#fails = fails;
    this.world = new SearchWorld(spec);
    this.#trial = this.#trialReconciler;
  }

  get #trialReconciler() {
    return this.world.trialReconciler({
      pending: (uid) =>
        [this.#reports.get(uid)].flatMap((report) =>
          report ? [{ report, arrivedMs: this.world.clock.now(), ack() {} }] : [],
        ),
      settle: (uid, [done]) => void (done && this.#reports.delete(uid)),
    });
  }

  /** As a laptop that is switched off: Pods and unacknowledged reports are gone; a node elsewhere keeps both. */
  restart(losesPods: boolean): void {
    if (losesPods) {
      for (const { metadata } of this.world.pods.objects.values())
        this.world.remove(this.world.pods, metadata.name);
      this.#reports.clear();
    }
    this.world.restart();
    this.#trial = this.#trialReconciler;
  }

  async turn(pick: number): Promise<void> {
    const { world } = this;
    await world.clock.advance(100);
    const names = ['night', ...world.trials.cache.list().map(({ metadata }) => metadata.name)];
    const name = names[pick % names.length] ?? 'night';
    await reconcile(name === 'night' ? world.reconciler : this.#trial, name);
  }

  /** One of the Pods ends, and says what it found. */
  work(pick: number): void {
    const { pods, trials, clock } = this.world;
    const waiting = [...pods.objects.values()].filter(
      ({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed',
    );
    const pod = waiting[pick % Math.max(1, waiting.length)];
    if (pod === undefined) return;
    const owner = pod.metadata.ownerReferences?.[0];
    const trial = trials.objects.get(`default/${owner?.name}`);
    if (trial === undefined) return;
    const seconds = (clock.now() - Date.UTC(2030, 0, 1)) / 1000;
    const { status } = makePod().ended(this.#fails(trial) ? 1 : 0, { to: seconds }).object;
    this.world.change(pods, pod.metadata.name, { status: { ...pod.status, ...status } });
    if (this.#fails(trial)) return;
    const attempt = Number(pod.metadata.name.split('-').at(-1));
    const report = resultReport(resultOf(trial), attempt);
    this.#reports.set(trial.metadata.uid, { ...report, trial: trial.metadata.uid });
  }

  get isOver(): boolean {
    return ['Completed', 'Failed'].includes(this.world.status.phase);
  }

  /** No more trouble: everything goes on until the search has ended. */
  async finish(): Promise<void> {
    this.world.fate = () => 'go';
    this.world.lags = false;
    this.world.catchUp();
    for (let i = 0; i < 2000 && !this.isOver; i += 1) {
      await this.turn(i).catch(tolerable);
      this.work(i);
    }
  }
}

/** What a trainer of this trial would find: it depends on the network, and on how far it was to train. */
function resultOf({ spec }: Trial): TrialResult {
  const { epochs } = spec.fidelity;
  const whole = epochs === spec.training.epochs;
  const accuracy = hashScore(whole ? spec.genotype : `${spec.genotype} ${epochs}`);
  const rest = { loss: 1, accuracy: 0, learningRate: 1, seconds: 1, picturesPerSecond: 1 };
  const last = { epoch: epochs, validationAccuracy: accuracy, ...rest };
  return { ...makeResult({ accuracy, seconds: 60 }), epochs: [last] };
}

function tolerable(error: unknown): void {
  if (!(error instanceof Crash || error instanceof ConflictError)) throw error;
}

/** What a failed call leads to: a call is only lost, the operator's process is, or the whole machine. */
type Loss = 'call' | 'process' | 'machine';
type Failure = { readonly kind: 'fail'; readonly inCalls: number; after: boolean; loss: Loss };
export type Step = { readonly kind: 'turn' | 'work' | 'see'; readonly pick: number } | Failure;

const moves = (kind: 'turn' | 'work' | 'see') =>
  fc.record({ kind: fc.constant(kind), pick: fc.nat(9) });

export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: moves('turn') },
  { weight: 3, arbitrary: moves('work') },
  { weight: 3, arbitrary: moves('see') },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('fail' as const),
      inCalls: fc.nat(3),
      after: fc.boolean(),
      loss: fc.constantFrom<Loss>('call', 'process', 'machine'),
    }),
  },
);

/** The operator goes on until the chosen call fails, or it has nothing to do. */
async function fail(machine: Machine, { inCalls, after, loss }: Failure): Promise<void> {
  let left = inCalls;
  let failed = false;
  machine.world.fate = () => {
    if (failed || left-- > 0) return 'go';
    failed = true;
    return after ? 'crash after' : 'crash before';
  };
  for (let i = 0; i < 6 && !failed; i += 1) await machine.turn(i).catch(tolerable);
  machine.world.fate = () => 'go';
  if (loss !== 'call') machine.restart(loss === 'machine');
}

export async function play(machine: Machine, steps: readonly Step[]): Promise<void> {
  machine.world.lags = true;
  for (const each of steps) {
    if (each.kind === 'fail') await fail(machine, each);
    else if (each.kind === 'turn') await machine.turn(each.pick).catch(tolerable);
    else if (each.kind === 'work') machine.work(each.pick);
    else machine.world.catchUp(each.pick);
  }
  await machine.finish();
}

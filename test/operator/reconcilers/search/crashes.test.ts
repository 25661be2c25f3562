// Whatever call the operator dies in, and however far its caches lag behind, the search that comes out is the same.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConflictError, type Reconciler } from '../../../../operator/runtime/index.ts';
import { replay } from '../../../../operator/search/index.ts';
import { makePod, resultReport } from '../../../builders/objects.ts';
import { hashScore } from '../../../builders/search.ts';
import { Crash, reconcile } from '../world.ts';
import { SearchWorld } from './search-world.ts';

const TRIALS = 6;
const evolution = { name: 'regularized-evolution', settings: { population: 3, sample: 2 } };

/** A whole machine: operator, Pods that a node runs, reports that wait for their acknowledgement. */
class Machine {
  readonly world: SearchWorld;
  readonly #reports = new Map<string, ReturnType<typeof resultReport>>();
  #trial: Reconciler;

  constructor(parallelism: number) {
    const budget = { trials: TRIALS };
    const final = { topK: 1, seeds: 2, controls: { random: 1 } };
    const rest = { final, history: { keep: 0 } };
    this.world = new SearchWorld({ algorithm: evolution, budget, parallelism, ...rest });
    this.#trial = this.#trialReconciler;
  }

  get #trialReconciler() {
    return this.world.trialReconciler({
      pending: (uid) =>
        [this.#reports.get(uid)].flatMap((r) => (r ? [{ report: r, ack() {} }] : [])),
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

  /** One of the Pods ends well, and says so. */
  work(pick: number): void {
    const { pods, trials, clock } = this.world;
    const waiting = [...pods.objects.values()].filter(
      ({ status }) => status?.phase !== 'Succeeded',
    );
    const pod = waiting[pick % Math.max(1, waiting.length)];
    if (pod === undefined) return;
    const owner = pod.metadata.ownerReferences?.[0];
    const trial = trials.objects.get(`default/${owner?.name}`);
    if (trial === undefined) return;
    const seconds = (clock.now() - Date.UTC(2030, 0, 1)) / 1000;
    const { status } = makePod().ended(0, { to: seconds }).object;
    this.world.change(pods, pod.metadata.name, { status: { ...pod.status, ...status } });
    const accuracy = hashScore(trial.spec.genotype);
    const report = resultReport();
    if (report.body.kind !== 'result') return;
    const { result } = report.body;
    const body = {
      ...report.body,
      result: { ...result, metrics: { ...result.metrics, accuracy } },
    };
    this.#reports.set(trial.metadata.uid, { ...report, trial: trial.metadata.uid, body });
  }

  get isOver(): boolean {
    return ['Completed', 'Failed'].includes(this.world.status.phase);
  }

  /** No more trouble: everything goes on until the search has ended. */
  async finish(): Promise<void> {
    this.world.fate = () => 'go';
    this.world.lags = false;
    this.world.catchUp();
    for (let i = 0; i < 400 && !this.isOver; i += 1) {
      await this.turn(i).catch(tolerable);
      this.work(i);
    }
  }
}

function tolerable(error: unknown): void {
  if (!(error instanceof Crash || error instanceof ConflictError)) throw error;
}

/** What a failed call leads to: a call is only lost, the operator's process is, or the whole machine. */
type Loss = 'call' | 'process' | 'machine';
type Failure = { readonly kind: 'fail'; readonly inCalls: number; after: boolean; loss: Loss };
type Step = { readonly kind: 'turn' | 'work' | 'see'; readonly pick: number } | Failure;

const moves = (kind: 'turn' | 'work' | 'see') =>
  fc.record({ kind: fc.constant(kind), pick: fc.nat(9) });

const step: fc.Arbitrary<Step> = fc.oneof(
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

async function play(machine: Machine, steps: readonly Step[]): Promise<void> {
  machine.world.lags = true;
  for (const each of steps) {
    if (each.kind === 'fail') await fail(machine, each);
    else if (each.kind === 'turn') await machine.turn(each.pick).catch(tolerable);
    else if (each.kind === 'work') machine.work(each.pick);
    else machine.world.catchUp(each.pick);
  }
  await machine.finish();
}

const searched = ({ records }: SearchWorld) =>
  records.filter(({ purpose }) => purpose === 'Search');
const genotypes = (world: SearchWorld) => searched(world).map(({ genotype }) => genotype);
/** A network and its control with two seeds each, all of them once. */
const FINALS = ['night-f0-c00-s0', 'night-f0-c00-s1', 'night-f0-s1', 'night-final-0'];
const finals = ({ records }: SearchWorld) =>
  records
    .filter(({ purpose }) => purpose === 'Final')
    .map(({ name }) => name)
    .toSorted();

test('a straight run is one of budgeted trials and a final stage', async () => {
  const { world } = await straight();
  expect(world.status).toMatchObject({ phase: 'Completed', trials: { succeeded: TRIALS } });
  expect(finals(world)).toEqual(FINALS);
});

async function straight(): Promise<Machine> {
  const machine = new Machine(1);
  await machine.finish();
  return machine;
}

test('one trial at a time: crashes change no proposal', async () => {
  const expected = genotypes((await straight()).world);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
      const machine = new Machine(1);
      await play(machine, steps);
      expect(genotypes(machine.world)).toEqual(expected);
      expect(finals(machine.world)).toEqual(FINALS);
    }),
    { numRuns: 150 },
  );
});

test('several at a time: none is lost, none doubled, and the record is what its own results lead to', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 2, max: 4 }),
      fc.array(step, { maxLength: 60, size: 'max' }),
      async (parallelism, steps) => {
        const machine = new Machine(parallelism);
        await play(machine, steps);
        const { world } = machine;
        expect(world.status.phase).toBe('Completed');
        const records = searched(world);
        expect(records.map(({ index }) => index).toSorted()).toEqual([...Array(TRIALS).keys()]);
        expect(finals(world)).toEqual(FINALS);
        expect(() => replay(world.search.spec, historyOf(world))).not.toThrow();
      },
    ),
    { numRuns: 150 },
  );
});

/** As an auditor reads the ledger. */
function historyOf(world: SearchWorld) {
  const records = searched(world);
  return {
    trials: records.toSorted((a, b) => a.index - b.index),
    results: records.map(({ index, genotype, objectives = [] }) => ({
      index,
      genotype,
      outcome: { kind: 'scored' as const, objectives },
    })),
  };
}

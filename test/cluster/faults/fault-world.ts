// A cluster of one's own in which things break while a search runs, and what must hold of the search afterwards: exactly the
// budgeted trials, none doubled, none lost, a history that the engine replays, and nothing left after deletion.
import { expect } from 'vitest';
import { BioNASSearchSpec } from '../../../crds/index.ts';
import { createEngine, Random, replay, takeOver } from '../../../operator/search/index.ts';
import {
  type Cluster,
  type OperatorProcess,
  startCluster,
  startOperator,
} from '../../../scripts/cluster/index.ts';
import { hashScore, scored } from '../../builders/search.ts';
import { eventually } from '../../operator/runtime/eventually.ts';
import { makeNamespace } from '../harness/index.ts';
import { ledgerOf } from '../search/ledger.ts';
import { SearchRoom, type SearchWish } from '../search/search-room.ts';
import { type Behaviour, SimulatedTrainers } from '../simulation/trainers.ts';

export interface FaultWorldOptions {
  readonly seed: number;
  readonly behaviour?: Behaviour;
  /** Where the operator finds the API server and NATS, if not where they are. */
  readonly routes?: (cluster: Cluster) => Promise<{ kubeconfig?: string; nats?: string }>;
  /** Flags of the operator's Node. */
  readonly nodeFlags?: readonly string[];
}

/** Trainers that repeat themselves, lie, and end before their Pods. */
export const BEHAVIOUR: Behaviour = {
  trainMs: (random) => 20 + 130 * random.uniform(),
  repeats: { chance: 0.3, withinMs: 2_000 },
  lies: 0.2,
  endsFirst: 0.3,
};

export class FaultWorld implements AsyncDisposable {
  readonly cluster: Cluster;
  readonly room: SearchRoom;
  readonly operator: OperatorProcess;
  readonly trainers: SimulatedTrainers;
  readonly random: Random;

  private constructor(
    parts: Pick<FaultWorld, 'cluster' | 'room' | 'operator' | 'trainers' | 'random'>,
  ) {
    this.cluster = parts.cluster;
    this.room = parts.room;
    this.operator = parts.operator;
    this.trainers = parts.trainers;
    this.random = parts.random;
  }

  static async start(options: FaultWorldOptions): Promise<FaultWorld> {
    const { seed, behaviour = BEHAVIOUR, routes = async () => ({}), nodeFlags = [] } = options;
    // Whoever sees a failure can have the same one again.
    console.log(`seed ${seed}`);
    const cluster = await startCluster();
    const { plane, nats } = cluster;
    const room = new SearchRoom(plane.kubectl, await makeNamespace(plane.kubectl));
    const { kubeconfig } = plane;
    const own = { kubeconfig, nats: nats.url, seed, behaviour };
    const trainers = await SimulatedTrainers.start(own);
    const way = { kubeconfig, nats: nats.url, ...(await routes(cluster)) };
    const operator = await startOperator({ ...way, flags: ['--no-leader-elect'], nodeFlags });
    return new FaultWorld({ cluster, room, operator, trainers, random: Random.fromSeed(seed) });
  }

  /** Search trials that are in the ledger by now. */
  async recorded(name: string): Promise<number> {
    const { metadata } = await this.room.search(name);
    return (await ledgerOf(this.cluster.nats.url, metadata.uid ?? '')).length;
  }

  /** When the ledger has so many. */
  async reached(name: string, count: number): Promise<void> {
    await this.#hearing(
      eventually(
        async () => expect(await this.recorded(name)).toBeGreaterThanOrEqual(count),
        60_000,
      ),
    );
  }

  /** With the operator's last words where it fails. */
  async #hearing<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      const words = this.operator.log.split('\n').slice(-40).join('\n');
      console.error(`the operator's last words:\n${words}`);
      throw error;
    }
  }

  async pause(ms: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, ms));
  }

  /** `retries`: that a trial may have spent. */
  async expectExact(
    { name, trials: budget, parallelism = 1 }: SearchWish,
    ms = 60_000,
    { retries = 0 } = {},
  ): Promise<void> {
    const status = await this.#hearing(this.room.ended(name, ms));
    expect(status).toMatchObject({
      phase: 'Completed',
      trials: { proposed: budget, succeeded: budget, failed: 0 },
    });
    const search = await this.room.search(name);
    const spec = BioNASSearchSpec.parse(search.spec);
    const records = await ledgerOf(this.cluster.nats.url, search.metadata.uid ?? '');
    const byIndex = records.toSorted((a, b) => a.index - b.index);
    expect(byIndex.map(({ index }) => index)).toEqual([...Array(budget).keys()]);
    const results = records.map((record) => scored(record, hashScore(record.genotype)));
    const again = records.some(({ rebuilt }) => rebuilt) ? takeOver : replay;
    expect(again(spec, { trials: byIndex, results }).lost).toEqual([]);
    const retried = (await this.room.trials()).filter(
      ({ status }) => (status?.retries ?? 0) > retries,
    );
    expect(retried.map(({ metadata }) => metadata.name)).toEqual([]);
    if (parallelism === 1)
      expect(byIndex.map(({ genotype }) => genotype)).toEqual(undisturbed(spec, budget));
  }

  /** No Trial was trained by more than one Pod. */
  expectOnePodEach(): void {
    const again = [...this.trainers.attempts].filter(([, pods]) => pods > 1);
    expect(again).toEqual([]);
  }

  async expectNothingLeft(name: string): Promise<void> {
    const { metadata } = await this.room.search(name);
    await this.room.remove(name);
    await eventually(async () => {
      expect(await this.room.kubectl(['get', 'trials,pods', '-o', 'name'])).toBe('');
      expect(await ledgerOf(this.cluster.nats.url, metadata.uid ?? '')).toEqual([]);
    }, 60_000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.operator.stop();
    await this.trainers[Symbol.asyncDispose]();
    await this.cluster.stop();
  }
}

/** What the engine proposes one after the other when nothing goes wrong. */
function undisturbed(spec: BioNASSearchSpec, count: number): string[] {
  const engine = createEngine(spec);
  const genotypes: string[] = [];
  let state = engine.initial;
  for (let i = 0; i < count; i += 1) {
    const { state: asked, proposal } = engine.ask(state);
    if (proposal === undefined) break;
    genotypes.push(proposal.genotype);
    state = engine.tell(asked, scored(proposal, hashScore(proposal.genotype)));
  }
  return genotypes;
}

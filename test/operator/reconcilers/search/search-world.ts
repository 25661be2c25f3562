// The search `night` in a world of its own, whose trials end when a test says so.
import { BioNASSearchStatus, type TrialResult, TrialStatus } from '../../../../crds/index.ts';
import {
  type EventRecord,
  isEvent,
  isTrialRecord,
  isWarmStart,
  type LedgerRecord,
  recordSchema,
  type TrialRecord,
  type WarmStartRecord,
} from '../../../../operator/reconcilers/index.ts';
import { markFinished } from '../../../../operator/reconcilers/trial/status.ts';
import { makeResult, makeSearch } from '../../../builders/objects.ts';
import { reconcile, World } from '../world.ts';

/** A spec that leaves room. */
export const many = { budget: { trials: 9 }, parallelism: 3 };

export class SearchWorld extends World {
  reconciler = this.searchReconciler();
  #edits = 0;

  constructor(spec: Record<string, unknown> = {}) {
    super();
    this.searches.put({ object: makeSearch(spec) });
  }

  reconcile() {
    return reconcile(this.reconciler, 'night');
  }

  restart(): void {
    this.catchUp();
    this.reconciler = this.searchReconciler();
  }

  /** Spec fields replaced as whole fields. */
  edit(spec: Record<string, unknown>): void {
    const { status } = this.search;
    const { metadata, ...edited } = makeSearch(spec);
    const resourceVersion = `edit-${this.#edits++}`;
    const object = { ...edited, metadata: { ...metadata, resourceVersion } };
    this.searches.put({ object: status === undefined ? object : { ...object, status } });
  }

  end(
    name: string,
    {
      accuracy = 0.5,
      failed = false,
      deviceSeconds = 0,
      testAccuracy = undefined as number | undefined,
      result = undefined as TrialResult | undefined,
      endedMs = this.clock.now(),
    } = {},
  ): void {
    const judgement = { generation: 1, now: new Date(endedMs).toISOString() };
    const condition = failed ? 'Failed' : 'Succeeded';
    const reason = failed ? 'TrainerFailed' : 'Trained';
    const score = testAccuracy === undefined ? { accuracy } : { testAccuracy };
    const metrics = { ...score, seconds: 0 };
    const status = {
      ...markFinished(TrialStatus.parse({}), { condition, reason, message: 'over' }, judgement),
      deviceSeconds,
      ...(failed ? {} : { result: result ?? makeResult(metrics) }),
    };
    this.change(this.trials, name, { status });
  }

  /** Ends trials one after the other, in their order, each as soon as it is there. */
  async run(count: number, from = 0): Promise<void> {
    for (let i = from; i < from + count; i += 1) {
      await this.clock.advance(1000);
      await this.reconcile();
      this.end(`night-${String(i).padStart(4, '0')}`, { accuracy: ((i * 7) % 10) / 10 });
    }
    await this.reconcile();
  }

  get search() {
    return this.searches.objects.get('default/night') ?? makeSearch();
  }

  get status(): BioNASSearchStatus {
    return BioNASSearchStatus.parse(this.search.status ?? {});
  }

  get names(): string[] {
    return [...this.trials.objects.values()].map(({ metadata }) => metadata.name);
  }

  get #all(): LedgerRecord[] {
    return this.ledger.entries.map(({ record }) => recordSchema(record).parse(record));
  }

  /** But for what was taken from another search. */
  get history(): EventRecord[] {
    return this.#all.filter(isEvent);
  }

  /** What was taken from another search. */
  get taken(): WarmStartRecord[] {
    return this.#all.filter(isWarmStart);
  }

  /** Trials that ended. */
  get records(): TrialRecord[] {
    return this.history.filter(isTrialRecord);
  }

  why(type: string): string {
    const condition = this.status.conditions.find((each) => each.type === type);
    return `${condition?.status} ${condition?.reason}`;
  }
}

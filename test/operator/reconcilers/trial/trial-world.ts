// The search `night` and its one Trial in a world of their own, and an inbox that tests fill.
import { type Report, TrialStatus } from '../../../../crds/index.ts';
import type { Delivered } from '../../../../operator/reconcilers/trial/report-inbox.ts';
import { type makePod, makeSearch, makeTrial } from '../../../builders/objects.ts';
import { reconcile, World } from '../world.ts';

export class TrialWorld extends World {
  readonly waiting: Delivered[] = [];
  acknowledged = 0;
  reconciler = this.restarted();

  constructor() {
    super();
    this.searches.put({ object: makeSearch() });
  }

  restarted() {
    return this.trialReconciler({
      pending: () => [...this.waiting],
      settle: (_uid, done) => {
        this.acknowledged += done.length;
        for (const each of done) this.waiting.splice(this.waiting.indexOf(each as never), 1);
      },
    });
  }

  say(report: Report): void {
    this.waiting.push({ report, arrivedMs: this.clock.now(), ack: () => {} });
  }

  reconcile() {
    return reconcile(this.reconciler, 'night-0');
  }

  suspend(suspend: boolean): void {
    this.searches.put({
      object: {
        ...makeSearch({ suspend }),
        metadata: { ...makeSearch().metadata, resourceVersion: `s${suspend}` },
      },
    });
  }

  get status(): TrialStatus {
    return TrialStatus.parse(this.trials.objects.get('default/night-0')?.status);
  }

  get conditions(): Record<string, string> {
    const entries = this.status.conditions.map(({ type, status, reason }) => [
      type,
      `${status} ${reason}`,
    ]);
    return Object.fromEntries(entries);
  }
}

export function worldOf({
  trial = makeTrial(),
  pod,
}: {
  trial?: ReturnType<typeof makeTrial>;
  pod?: ReturnType<typeof makePod>;
} = {}) {
  const world = new TrialWorld();
  world.trials.put(trial);
  if (pod !== undefined) world.pods.put(pod);
  return world;
}

export const running = () => makeTrial().waiting().running();

// A search on a real cluster: applied, watched to its end, and looked at from outside, where nothing of the operator's own
// memory counts.
import type { BioNASSearch, Trial } from '../../../crds/index.ts';
import type { Pod } from '../../../operator/reconcilers/index.ts';
import type { Kubectl } from '../../../scripts/cluster/index.ts';
import { eventually } from '../../operator/runtime/eventually.ts';

/** Fake nodes are tainted, so that nothing lands on them by accident. */
export const TEMPLATE = {
  metadata: { annotations: { 'fake.bionas.dev/runs-for': 'told' } },
  spec: {
    tolerations: [{ key: 'kwok.x-k8s.io/node', operator: 'Exists' }],
    containers: [
      { name: 'trainer', image: 'trainer', resources: { limits: { 'nvidia.com/gpu': '1' } } },
    ],
  },
};

export interface SearchWish {
  readonly name: string;
  readonly trials: number;
  readonly parallelism?: number;
  readonly keep?: number;
  /** Fields of the spec that replace ours. */
  readonly spec?: Readonly<Record<string, unknown>>;
}

export function searchManifest({ name, trials, parallelism = 1, keep = 100, spec }: SearchWish) {
  return {
    apiVersion: 'bionas.dev/v1alpha1',
    kind: 'BioNASSearch',
    metadata: { name },
    spec: {
      searchSpace: { kind: 'nb201', cells: 1, channels: 8 },
      dataset: { name: 'fashion-mnist' },
      algorithm: { name: 'regularized-evolution', settings: { population: 10, sample: 5 } },
      budget: { trials },
      parallelism,
      final: { topK: 0 },
      history: { keep },
      trialTemplate: TEMPLATE,
      ...spec,
    },
  };
}

type Listed<T> = { readonly items: readonly T[] };

export class SearchRoom {
  readonly #kubectl: Kubectl;
  readonly namespace: string;

  constructor(kubectl: Kubectl, namespace: string) {
    this.#kubectl = kubectl;
    this.namespace = namespace;
  }

  kubectl(args: readonly string[], input?: unknown): Promise<string> {
    const text = input === undefined ? undefined : JSON.stringify(input);
    return this.#kubectl(['-n', this.namespace, ...args], text);
  }

  async apply(wish: SearchWish): Promise<void> {
    await this.kubectl(['apply', '-f', '-'], searchManifest(wish));
  }

  async edit(name: string, spec: Readonly<Record<string, unknown>>): Promise<void> {
    await this.kubectl(['patch', 'bns', name, '--type=merge', '-p', JSON.stringify({ spec })]);
  }

  async search(name: string): Promise<BioNASSearch> {
    return JSON.parse(await this.kubectl(['get', 'bns', name, '-o', 'json']));
  }

  /** Of one search, or all. */
  trials(search?: string): Promise<readonly Trial[]> {
    return this.#list('trials', search);
  }

  /** Trials of a search that are noted to run: a Pod that goes before that is no other attempt. */
  async training(search: string): Promise<number> {
    const running = (await this.trials()).filter(({ spec, status }) => {
      const condition = status?.conditions.find(({ type }) => type === 'Running');
      return spec.search === search && condition?.status === 'True';
    });
    return running.length;
  }

  /** Of one search, or all. */
  pods(search?: string): Promise<readonly Pod[]> {
    return this.#list('pods', search);
  }

  async #list<T>(plural: string, search: string | undefined): Promise<readonly T[]> {
    const of = search === undefined ? [] : ['-l', `bionas.dev/search=${search}`];
    return (JSON.parse(await this.kubectl(['get', plural, ...of, '-o', 'json'])) as Listed<T>)
      .items;
  }

  /** When the search has ended, as its status says. */
  async ended(name: string, ms = 60_000): Promise<NonNullable<BioNASSearch['status']>> {
    return eventually(async () => {
      const { status } = await this.search(name);
      if (status?.completionTime === undefined)
        throw new Error(`${name} has not ended: ${JSON.stringify(status)}`);
      return status;
    }, ms);
  }

  /** Deletes the search and waits until it is gone. */
  async remove(name: string): Promise<void> {
    await this.kubectl(['delete', 'bns', name, '--ignore-not-found', '--timeout=60s']);
  }
}

// Flags by which a command is told where its search is, and the place that they mean.
import type { Command } from 'commander';
import { type NatsPlace, withNatsOptions } from '../nats-place.ts';
import type { ClusterIo } from './cluster.ts';
import { type LocalIo, localPlace } from './local.ts';
import type { SearchPlace } from './place.ts';

export interface PlaceFlags extends Partial<NatsPlace> {
  readonly cluster?: boolean;
  readonly namespace?: string;
  readonly allNamespaces?: boolean;
  readonly context?: string;
  readonly kubeconfig?: string;
}

export interface PlaceIo extends LocalIo, ClusterIo {
  /** `kubectl bionas`: no search is meant but one of the cluster. */
  readonly alwaysCluster: boolean;
  readonly env: Readonly<Record<string, string>>;
}

/** Adds the flags to a command whose first argument is a search. */
export const withPlaceOptions = (command: Command): Command =>
  withNatsOptions(
    command
      .option('--cluster', 'the search is one of a cluster, as each of the next three says too')
      .option('-n, --namespace <name>', "its namespace (default: the context's)")
      .option('--context <name>', 'of the kubeconfig (default: the current one)')
      .option('--kubeconfig <file>', 'the cluster (default: $KUBECONFIG, or ~/.kube/config)'),
    "the cluster's NATS, for trials whose objects are gone (default: $NATS_URL)",
    { url: false },
  );

const isOfCluster = (flags: PlaceFlags): boolean =>
  flags.cluster === true ||
  flags.allNamespaces === true ||
  [flags.namespace, flags.context, flags.kubeconfig].some((flag) => flag !== undefined);

/** Runs `work` with the place, and lets it go. */
export async function withPlace<T>(
  flags: PlaceFlags,
  io: PlaceIo,
  work: (place: SearchPlace) => Promise<T>,
): Promise<T> {
  if (!io.alwaysCluster && !isOfCluster(flags)) return work(localPlace(io));
  // Its libraries are loaded only here: a look at a directory starts without them.
  const { withClusterPlace } = await import('./cluster.ts');
  const nats = flags.nats ?? (io.env['NATS_URL'] || undefined);
  return withClusterPlace({ ...flags, ...(nats === undefined ? {} : { nats }) }, io, work);
}

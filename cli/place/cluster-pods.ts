// What a cluster still has of a search's Pods: their states, and the Events about search and trials.
import type { BioNASSearch } from '../../crds/index.ts';
import type { KubernetesClients } from '../../operator/adapters/kubernetes/index.ts';
import {
  PODS,
  type Pod,
  TRAINER_CONTAINER,
  TRIAL_LABEL,
} from '../../operator/reconcilers/index.ts';
import { EVENTS, type KubernetesEvent, type ObjectKey } from '../../operator/runtime/index.ts';
import { type Attempt, attemptsBy, byAttempt, type SearchEvent } from './place.ts';

/** Of a trial, by its name. */
export async function attemptsOf(
  clients: KubernetesClients,
  { namespace, name }: ObjectKey,
): Promise<Attempt[]> {
  const labels = { [TRIAL_LABEL]: name };
  const { items } = await clients.of(PODS).list({ namespace, labels });
  return items
    .flatMap((pod) =>
      attemptsBy(name, pod.metadata.name).map((attempt) => ({ ...attempt, ...stateOf(pod) })),
    )
    .toSorted(byAttempt);
}

function stateOf({ spec, status }: Pod): Omit<Attempt, 'attempt' | 'worker' | 'pod'> {
  const container = status?.containerStatuses?.find(({ name }) => name === TRAINER_CONTAINER);
  const { terminated, waiting } = container?.state ?? {};
  const reason = terminated?.reason ?? waiting?.reason ?? status?.reason;
  const message = terminated?.message ?? waiting?.message;
  return {
    ...(status?.phase === undefined ? {} : { phase: status.phase }),
    ...(spec.nodeName === undefined ? {} : { node: spec.nodeName }),
    ...(reason === undefined ? {} : { reason }),
    ...(terminated === undefined ? {} : { exitCode: terminated.exitCode }),
    ...(message === undefined ? {} : { message }),
  };
}

/** About the search and its trials, oldest first. */
export async function eventsOf(
  clients: KubernetesClients,
  { metadata }: BioNASSearch,
): Promise<SearchEvent[]> {
  const { name, namespace = 'default' } = metadata;
  const { items } = await clients.of(EVENTS).list({ namespace });
  const isOurs = ({ involvedObject: about }: KubernetesEvent): boolean =>
    (about.kind === 'BioNASSearch' && about.name === name) ||
    (about.kind === 'Trial' && about.name.startsWith(`${name}-`));
  return items
    .filter(isOurs)
    .map((event) => ({
      time: event.lastTimestamp,
      type: event.type,
      reason: event.reason,
      about: `${event.involvedObject.kind} ${event.involvedObject.name}`,
      message: event.message,
    }))
    .toSorted((a, b) => a.time.localeCompare(b.time));
}

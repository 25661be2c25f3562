// Kubernetes Events: what happened to an object, for people who run `kubectl describe`. Best effort and cheap: the same thing
// said again raises a count, seldom written; what cannot be written is dropped, since conditions and logs say it too.
import { createHash } from 'node:crypto';
import type { Clock } from './clock.ts';
import type { KubernetesObject, Live, ObjectKind } from './object.ts';
import type { ObjectClient } from './object-client.ts';
import { AlreadyExistsError } from './object-errors.ts';
import type { Logger } from './observability.ts';

export interface Happening {
  readonly type: 'Normal' | 'Warning';
  /** One word, PascalCase. */
  readonly reason: string;
  readonly message: string;
}

export interface EventRecorder {
  /** Returns at once, and never throws. */
  record(object: Live<KubernetesObject>, happening: Happening): void;
}

export const noEvents: EventRecorder = { record() {} };

/** core/v1 Event, as far as it is written. */
export interface KubernetesEvent extends KubernetesObject {
  readonly apiVersion: 'v1';
  readonly kind: 'Event';
  readonly involvedObject: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
  };
  readonly type: Happening['type'];
  readonly reason: string;
  readonly message: string;
  readonly source: { readonly component: string };
  readonly count: number;
  readonly firstTimestamp: string;
  readonly lastTimestamp: string;
}

export const EVENTS: ObjectKind<KubernetesEvent> = {
  apiVersion: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
};

export interface EventRecorderOptions {
  readonly client: Pick<ObjectClient<KubernetesEvent>, 'create' | 'patch'>;
  /** Who says so. */
  readonly component: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What is known of an Event: how often it happened, and when that was last written (monotonic ms). */
interface Told {
  readonly name: string;
  count: number;
  writtenAt: number;
}

/** One Event is written no more often than this. */
const EVERY_MS = 10_000;
/** Events remembered; the one that happened least recently is forgotten first, and begins anew. */
const REMEMBERED = 2_000;
/** The API server's limit. */
const LONGEST_MESSAGE = 1_024;

export function createEventRecorder(options: EventRecorderOptions): EventRecorder {
  const told = new Map<string, Told>();
  return {
    record(object, happening) {
      const { metadata } = object;
      const key = `${metadata.uid}/${happening.reason}`;
      const known = told.get(key) ?? {
        name: eventName(object, key),
        count: 0,
        writtenAt: -Infinity,
      };
      told.delete(key);
      told.set(key, known);
      const [oldest] = told.keys();
      if (told.size > REMEMBERED && oldest !== undefined) told.delete(oldest);
      known.count += 1;
      const now = options.clock.monotonic();
      if (now - known.writtenAt < EVERY_MS) return;
      known.writtenAt = now;
      write(eventOf(object, happening, known, options), options).catch((error: unknown) =>
        options.logger.info('An Event was not written', { reason: happening.reason, error }),
      );
    },
  };
}

const eventName = ({ metadata }: Live<KubernetesObject>, key: string): string =>
  `${metadata.name}.${createHash('sha256').update(key).digest('hex').slice(0, 16)}`;

function eventOf(
  { apiVersion, kind, metadata }: Live<KubernetesObject>,
  { type, reason, message }: Happening,
  { name, count }: Told,
  { clock, component }: EventRecorderOptions,
): KubernetesEvent {
  const namespace = metadata.namespace ?? 'default';
  const now = new Date(clock.now()).toISOString();
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace },
    involvedObject: { apiVersion, kind, namespace, name: metadata.name, uid: metadata.uid },
    type,
    reason,
    message: message.slice(0, LONGEST_MESSAGE),
    source: { component },
    count,
    firstTimestamp: now,
    lastTimestamp: now,
  };
}

async function write(event: KubernetesEvent, { client }: EventRecorderOptions): Promise<void> {
  const { name, namespace = '' } = event.metadata;
  const { type, message, count, lastTimestamp } = event;
  try {
    await client.create(event);
  } catch (error) {
    if (!(error instanceof AlreadyExistsError)) throw error;
    await client.patch({ name, namespace }, { type, message, count, lastTimestamp });
  }
}

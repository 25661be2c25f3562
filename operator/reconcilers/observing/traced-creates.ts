// A client whose creates are spans in the trace of a Trial, which is known only once the API server has named it.
import type { Clock, KubernetesObject, Live, ObjectClient, Tracer } from '../../runtime/index.ts';
import { trialPlace } from '../trial/index.ts';

interface TracedOptions<T extends KubernetesObject> {
  readonly clock: Clock;
  readonly tracer: Tracer;
  /** UID of the Trial that it is, or is of. */
  readonly of: (created: Live<T>) => string | undefined;
}

export const tracedCreates = <T extends KubernetesObject>(
  client: ObjectClient<T>,
  { clock, tracer, of }: TracedOptions<T>,
): ObjectClient<T> => ({
  ...client,
  async create(object) {
    const startMs = clock.now();
    const created = await client.create(object);
    const { kind, metadata } = created;
    const uid = of(created);
    if (uid === undefined) return created;
    const attributes = { [`k8s.${kind.toLowerCase()}.name`]: metadata.name };
    const span = tracer.start(`create ${kind}`, {
      parent: trialPlace(uid, tracer),
      startMs,
      attributes,
    });
    span.end({ endMs: clock.now() });
    return created;
  },
});

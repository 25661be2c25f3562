// Keeps a Pod from nodes: an affinity beside what the template asks for, and a note of it by which the Pod is known to wait for
// nothing once they are avoided no more. Pure.
import type { Pod } from '../objects.ts';
import type { AvoidedNode } from './node-trouble.ts';

const AVOIDS = 'bionas.dev/avoids-nodes';

interface Term {
  readonly matchFields?: readonly unknown[];
  readonly [field: string]: unknown;
}

interface Affinity {
  readonly nodeAffinity?: {
    readonly requiredDuringSchedulingIgnoredDuringExecution?: {
      readonly nodeSelectorTerms?: readonly Term[];
    };
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

interface Placed {
  readonly metadata: {
    readonly annotations: Readonly<Record<string, string>>;
    readonly [field: string]: unknown;
  };
  readonly spec: { readonly affinity?: unknown; readonly [field: string]: unknown };
}

/** The manifest, kept from these nodes. */
export function keptFrom<Of extends Placed>(pod: Of, avoided: readonly AvoidedNode[]): Of {
  const nodes = avoided.map(({ node }) => node);
  if (nodes.length === 0) return pod;
  const annotations = { ...pod.metadata.annotations, [AVOIDS]: nodes.join(' ') };
  const affinity = without((pod.spec.affinity ?? {}) as Affinity, nodes);
  return {
    ...pod,
    metadata: { ...pod.metadata, annotations },
    spec: { ...pod.spec, affinity },
  };
}

/** Terms are alternatives: each of them rules the nodes out. A field is compared with one value. */
function without(affinity: Affinity, nodes: readonly string[]): Affinity {
  const required = affinity.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const elsewhere = nodes.map((name) => ({
    key: 'metadata.name',
    operator: 'NotIn',
    values: [name],
  }));
  const nodeSelectorTerms = (required?.nodeSelectorTerms ?? [{}]).map((term) => ({
    ...term,
    matchFields: [...(term.matchFields ?? []), ...elsewhere],
  }));
  return {
    ...affinity,
    nodeAffinity: {
      ...affinity.nodeAffinity,
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms },
    },
  };
}

/** Whether a Pod waits for a node and rules out one that is avoided no more. */
export function waitsInVain(
  { metadata, spec, status }: Pod,
  avoided: readonly AvoidedNode[],
): boolean {
  const noted = metadata.annotations?.[AVOIDS];
  if (noted === undefined || spec.nodeName !== undefined) return false;
  const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status !== 'False' || scheduled.reason === 'SchedulingGated') return false;
  return noted.split(' ').some((name) => !avoided.some(({ node }) => node === name));
}

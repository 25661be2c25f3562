// One Pod template over another: the cluster's below, the search's above. What both say, the upper says; lists of volumes,
// tolerations and the like, and the trainer's environment and mounts, are those of both, but for a volume or mount in its place.
import { TRAINER_CONTAINER } from './trainer-container.ts';

export interface EnvVar {
  readonly name: string;
  readonly value: string;
}

export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly command?: readonly string[];
  readonly env?: readonly EnvVar[];
  readonly [field: string]: unknown;
}

/** core/v1 PodTemplateSpec, as far as it is read. */
export interface PodTemplate {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: {
    readonly containers?: readonly Container[];
    readonly [field: string]: unknown;
  };
}

type Fields = Readonly<Record<string, unknown>>;

export function overTemplate(lower: PodTemplate, upper: PodTemplate): PodTemplate {
  const containers = containersOf(lower.spec?.containers ?? [], upper.spec?.containers ?? []);
  return {
    metadata: {
      labels: { ...lower.metadata?.labels, ...upper.metadata?.labels },
      annotations: { ...lower.metadata?.annotations, ...upper.metadata?.annotations },
    },
    spec: { ...withLists(lower.spec ?? {}, upper.spec ?? {}), containers },
  };
}

/** By name; those of the upper template first, as theirs is the order that matters to the user. */
function containersOf(lower: readonly Container[], upper: readonly Container[]): Container[] {
  const merged = upper.map((container) => {
    const below = lower.find(({ name }) => name === container.name) ?? {};
    return { ...withLists(below, container), name: container.name };
  });
  return [...merged, ...lower.filter(({ name }) => !upper.some((other) => other.name === name))];
}

/** The fields of both; arrays follow one another, so that a later env entry of the same name holds. */
function withLists(lower: Fields, upper: Fields): Fields {
  const both = Object.entries(upper).map(([field, value]) => {
    const below = lower[field];
    const isList = Array.isArray(below) && Array.isArray(value) && !WHOLE.includes(field);
    return [field, isList ? [...without(below, field, value), ...value] : value];
  });
  return { ...lower, ...Object.fromEntries(both) };
}

/** What makes an entry of a list the same one: the API server takes none twice. */
const SAME: Readonly<Record<string, string>> = { volumes: 'name', volumeMounts: 'mountPath' };

/** Those of `below` in whose place nothing comes. */
function without(below: readonly Fields[], field: string, above: readonly Fields[]): Fields[] {
  const key = SAME[field];
  if (key === undefined) return [...below];
  const taken = new Set(above.map((entry) => entry[key]));
  return below.filter((entry) => !taken.has(entry[key]));
}

/** Lists that make sense as a whole only. */
const WHOLE = ['command', 'args'];

/** The trainer's container of a template, and the others. */
export function split(containers: readonly Container[]): {
  readonly trainer: Container | undefined;
  readonly others: readonly Container[];
} {
  const trainer = containers.find(({ name }) => name === TRAINER_CONTAINER);
  return { trainer, others: containers.filter((container) => container !== trainer) };
}

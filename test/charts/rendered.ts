// What the charts render with given values, by the real helm.
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { type Helm, MissingHelmError, startHelm } from '../../scripts/charts/helm.ts';

/** Values that differ from the defaults. */
export type GivenValues = Readonly<Record<string, unknown>>;

export interface Rendered {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  // biome-ignore lint/suspicious/noExplicitAny: any kind of object
  readonly [field: string]: any;
}

export const NAMESPACE = 'bionas-system';
export const chartPath = (name: 'bionas' | 'bionas-crds'): string =>
  fileURLToPath(new URL(`../../charts/${name}`, import.meta.url));

/** Undefined where there is none, which is said. */
export async function realHelm(kubeconfig?: string): Promise<Helm | undefined> {
  try {
    return await startHelm(kubeconfig);
  } catch (error) {
    if (!(error instanceof MissingHelmError)) throw error;
    console.warn(`skipped: ${error.message}`);
    return undefined;
  }
}

const seen = new Map<string, Promise<Rendered[]>>();

/** The same values are rendered once. */
export function render(helm: Helm, values: GivenValues = {}): Promise<Rendered[]> {
  const text = JSON.stringify(values);
  const rendered = seen.get(text) ?? renderedBy(helm, text);
  seen.set(text, rendered);
  return rendered;
}

async function renderedBy(helm: Helm, values: string): Promise<Rendered[]> {
  const chart = ['template', 'bionas', chartPath('bionas'), '--namespace', NAMESPACE];
  return parseAllDocuments(await helm([...chart, '--values', '-'], values))
    .map((document) => document.toJS())
    .filter((object) => object !== null);
}

/** The one object of that kind, and of that name where it says one. */
export function one(objects: readonly Rendered[], kind: string, name?: string): Rendered {
  const found = objects.filter(
    (object) => object.kind === kind && (name === undefined || object.metadata.name === name),
  );
  const [first] = found;
  if (first === undefined || found.length > 1)
    throw new Error(`expected one ${kind} ${name ?? ''}, got ${found.length}`);
  return first;
}

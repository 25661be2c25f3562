// docs/result.md from the schema, so that the page never says other than the file holds.
import { z } from 'zod';
import { ResultTrial, SearchResult } from './schema.ts';

interface Property {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Property>>;
  readonly required?: readonly string[];
  readonly items?: Property;
  readonly anyOf?: readonly Property[];
  readonly format?: string;
}

/** Documented elsewhere: as manifests write it. */
const ELSEWHERE: ReadonlySet<string> = new Set(['spec']);

const INTRODUCTION = `# result.json

\`bionas run\` writes \`result.json\` into the search's directory (\`runs/NAME\` unless \`--dir\` says otherwise) when the
search has completed, has failed, or was interrupted; \`bionas report DIR\` writes it anew from what lies there. It is
replaced as a whole, so a reader never sees half of it. \`bionas run -o json\` prints the same object in its last line,
\`{"type": "result", "result": ...}\`.

Times are UTC (ISO 8601), durations are in seconds, accuracies in [0, 1], losses in nats. A file name that is not
absolute starts at the directory of \`result.json\`. Fields may be added under the same \`apiVersion\`; a field that goes
or changes its meaning gives another one. \`spec\` is the manifest's, with defaults filled in
([fields.md](fields.md)).

This page is written by \`node scripts/write-result-docs.ts\` from the schema in \`cli/result/schema.ts\`.
`;

export function resultDocument(): string {
  const search = jsonSchema(SearchResult);
  const trial = jsonSchema(ResultTrial);
  return [
    INTRODUCTION,
    '## The search\n',
    table(rows({ ...search, properties: without(search.properties ?? {}, 'trials') })),
    '\n## A trial, one entry of `trials`\n',
    table(rows(trial)),
    '',
  ].join('\n');
}

const jsonSchema = (schema: z.ZodType): Property => z.toJSONSchema(schema) as Property;

const without = (properties: Readonly<Record<string, Property>>, name: string) =>
  Object.fromEntries(Object.entries(properties).filter(([key]) => key !== name));

interface Row {
  readonly path: string;
  readonly type: string;
  readonly always: boolean;
  readonly description: string;
}

function rows({ properties = {}, required = [] }: Property, prefix = ''): Row[] {
  return Object.entries(properties).flatMap(([name, property]) => {
    const path = prefix + name;
    const { description = '' } = property;
    const own = { path, type: typeOf(property), always: required.includes(name), description };
    return ELSEWHERE.has(path) ? [own] : [own, ...inner(property, path)];
  });
}

function inner(property: Property, path: string): Row[] {
  if (property.properties !== undefined) return rows(property, `${path}.`);
  const { items } = property;
  return items?.properties === undefined ? [] : rows(items, `${path}[].`);
}

function typeOf({ type, const: only, enum: names, items, anyOf, format }: Property): string {
  if (only !== undefined) return `\`${JSON.stringify(only)}\``;
  if (names !== undefined) return names.map((name) => `\`${String(name)}\``).join(', ');
  if (anyOf !== undefined) return anyOf.map(typeOf).join(' or ');
  if (items !== undefined) return `list of ${typeOf(items)}`;
  if (format === 'date-time') return 'time';
  return [type ?? 'any'].flat().join(' or ');
}

function table(entries: readonly Row[]): string {
  const lines = entries.map(
    ({ path, type, always, description }) =>
      `| \`${path}\` | ${type} | ${always ? 'yes' : 'no'} | ${description} |`,
  );
  return ['| Field | Type | Always | Meaning |', '| --- | --- | --- | --- |', ...lines].join('\n');
}

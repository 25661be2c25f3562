// Texts made of the values' schema: values.yaml, values.schema.json and the chart's README. `node charts/generate.ts` writes
// them.
import { Document, isMap, isScalar, type YAMLMap } from 'yaml';
import { z } from 'zod';
import { Values } from './values/index.ts';

export const FOLDER: URL = new URL('bionas/', import.meta.url);

interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
}

interface Row {
  readonly path: string;
  readonly description: string;
  readonly value: unknown;
}

const WIDTH = 120;

/** File name to text. */
export function documents(): ReadonlyMap<string, string> {
  return new Map([
    ['values.yaml', valuesYaml()],
    ['values.schema.json', `${JSON.stringify(valuesSchema(), undefined, 2)}\n`],
    ['README.md', readme()],
  ]);
}

/** For Helm, which takes draft 7, and in which a key that nobody knows is an error. */
function valuesSchema(): unknown {
  const schema = z.toJSONSchema(Values, { target: 'draft-07', io: 'input' });
  return JSON.parse(JSON.stringify(schema), (key, value) => {
    // zod bounds every integer by the safe ones, which says nothing.
    const boundless = ['minimum', 'maximum'].includes(key) && Math.abs(value) >= 2 ** 53 - 1;
    return boundless ? undefined : value;
  });
}

function valuesYaml(): string {
  const document = new Document(Values.parse({}), { aliasDuplicateObjects: false });
  const explain = (map: YAMLMap, schema: Schema) => {
    for (const { key, value } of map.items) {
      if (!isScalar(key)) continue;
      const property = schema.properties?.[String(key.value)] ?? {};
      key.commentBefore = wrapped(property.description ?? '');
      if (isMap(value) && isTable(property)) explain(value, property);
    }
  };
  if (isMap(document.contents)) explain(document.contents as YAMLMap, inputSchema());
  document.commentBefore = ' generated: do not edit, change charts/values and run make generate';
  return document.toString({ lineWidth: 0 });
}

/** Else it is one of Kubernetes' own objects, as a whole. */
const isTable = ({ properties = {} }: Schema): boolean =>
  Object.values(properties).some(({ description }) => description !== undefined);

const inputSchema = (): Schema => z.toJSONSchema(Values, { io: 'input' }) as Schema;

function wrapped(text: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = `${lines.at(-1)} ${word}`;
    if (line.length > WIDTH) lines.push(` ${word}`);
    else lines[lines.length - 1] = line;
  }
  return lines.join('\n');
}

function rows(value: unknown, schema: Schema, path = ''): Row[] {
  const { properties = {}, description = '' } = schema;
  if (!isTable(schema)) return value === undefined ? [] : [{ path, description, value }];
  return Object.entries(properties).flatMap(([name, property]) => {
    const below = (value as Record<string, unknown>)[name];
    return rows(below, property, path === '' ? name : `${path}.${name}`);
  });
}

function readme(): string {
  const lines = rows(Values.parse({}), inputSchema()).map(
    ({ path, description, value }) =>
      `| \`${path}\` | ${escaped(description)} | \`${escaped(JSON.stringify(value))}\` |`,
  );
  return `${INTRODUCTION}\n| value | is | default |\n|---|---|---|\n${lines.join('\n')}\n`;
}

const escaped = (text: string): string => text.replaceAll('|', '\\|');

const INTRODUCTION = `<!-- generated: do not edit, change charts/documents.ts or charts/values and run make generate -->
# bionas

The operator of [bionas](../../README.md), defaults of its trainers, and a NATS of its own or yours. The definitions of its objects are another chart, [bionas-crds](../bionas-crds), which goes first.

\`\`\`
helm install bionas-crds charts/bionas-crds --namespace bionas-system --create-namespace
helm install bionas charts/bionas --namespace bionas-system
helm test bionas --namespace bionas-system
\`\`\`

[Installing](../../docs/install.md) says what to choose, how to upgrade, and what stays after uninstalling. A key that is not in the table is refused.

## Values
`;

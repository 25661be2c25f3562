// docs/fields.md from the schemas: every field that a manifest may have and what comes back, so that the page never says other than
// what is accepted.
import { isDeepStrictEqual } from 'node:util';
import { KINDS, type Kind, objectSchema } from './custom-resource-definitions.ts';
import type { StructuralSchema } from './structural-schema.ts';

const INTRODUCTION = `# Fields

Every field of a \`BioNASSearch\` and a \`Trial\`, as \`kubectl explain bns.spec\` tells them, too. People write searches; trials are made by the operator, or by hand to train one network. A field without a default may be left out unless it is required. Examples are in [examples](../examples); \`bionas validate FILE\` says what is wrong with a manifest, and where.

This page is written by \`node scripts/write-field-docs.ts\` from the schemas in \`crds/\`.
`;

export const fieldDocument = (): string => [INTRODUCTION, ...KINDS.flatMap(sectionsOf)].join('\n');

/** One of each part of the spec that has parts, one of its plain fields before them, and one of the status. */
function sectionsOf(kind: Kind): string[] {
  const { properties = {} } = objectSchema(kind);
  const { spec, status } = properties;
  if (spec === undefined || status === undefined) return [];
  const parts = Object.entries(spec.properties ?? {});
  const required = new Set(spec.required);
  const field = ([name, schema]: [string, StructuralSchema]): Field => ({
    path: name,
    schema,
    isRequired: required.has(name),
  });
  const plain = parts.filter(([, schema]) => within(schema) === undefined);
  const deep = parts.filter(([, schema]) => within(schema) !== undefined);
  return [
    `## ${kind}\n`,
    section(`${kind}: spec`, plain.map(field), refusals(spec)),
    ...deep.map((part) => {
      const [name, schema] = part;
      const title = `${kind}: spec.${name}`;
      const other = twinOf(kind, name, schema);
      if (other !== undefined)
        return `### ${title}\n\nAs [spec.${name} of ${other}](${anchorOf(other, name)}).\n`;
      const top = field(part);
      return section(title, [top, ...below(top)], allRefusals(schema));
    }),
    section(`${kind}: status`, below(asField(status)), []),
  ];
}

/** The kind before this one of which a part of the spec has the same fields. */
const twinOf = (kind: Kind, name: string, schema: StructuralSchema): Kind | undefined =>
  KINDS.slice(0, KINDS.indexOf(kind)).find((other) => {
    const twin = objectSchema(other).properties?.['spec']?.properties?.[name];
    return twin !== undefined && isDeepStrictEqual(below(asField(twin)), below(asField(schema)));
  });

const asField = (schema: StructuralSchema): Field => ({ path: '', schema, isRequired: false });

/** As GitHub names the place of a heading. */
const anchorOf = (kind: Kind, name: string): string => `#${kind}-spec${name}`.toLowerCase();

interface Field {
  readonly path: string;
  readonly schema: StructuralSchema;
  readonly isRequired: boolean;
}

/** What has fields of its own: an object, what a list is of, or each value of a map. */
function within(
  schema: StructuralSchema,
): { readonly mark: string; readonly schema: StructuralSchema } | undefined {
  if (schema.properties !== undefined) return { mark: '', schema };
  const [mark, inner] = schema.items ? ['[]', schema.items] : ['.*', schema.additionalProperties];
  return inner?.properties === undefined ? undefined : { mark, schema: inner };
}

function below({ path, schema }: Field): Field[] {
  const inner = within(schema);
  if (inner === undefined) return [];
  const { properties = {}, required = [] } = inner.schema;
  const prefix = path === '' ? '' : `${path}${inner.mark}.`;
  return Object.entries(properties).flatMap(([name, property]) => {
    const field = { path: prefix + name, schema: property, isRequired: required.includes(name) };
    return [field, ...below(field)];
  });
}

const refusals = (schema: StructuralSchema): string[] =>
  (schema['x-kubernetes-validations'] ?? []).map(({ message }) => message);

const allRefusals = (schema: StructuralSchema): string[] => [
  ...refusals(schema),
  ...below(asField(schema)).flatMap((field) => refusals(field.schema)),
];

const IMMUTABLE = /^(.+) is immutable/;

function section(title: string, fields: readonly Field[], rules: readonly string[]): string {
  const rows = fields.map(
    ({ path, schema, isRequired }) =>
      `| \`${path}\` | ${typeOf(schema)} | ${isRequired ? 'required' : defaultOf(schema)} | ${cell(schema.description ?? '')} |`,
  );
  const table = ['| Field | Type | Default | Meaning |', '| --- | --- | --- | --- |', ...rows];
  const fixed = rules.flatMap((rule) => IMMUTABLE.exec(rule)?.[1] ?? []);
  const held = [...new Set(rules)].filter((rule) => !IMMUTABLE.test(rule));
  return [
    `### ${title}\n`,
    ...table,
    ...(fixed.length === 0 ? [] : [`\nNever changes: ${fixed.join(', ')}.`]),
    ...(held.length === 0 ? [] : ['\nWhat must hold:\n', ...held.map((rule) => `- ${rule}`)]),
    '',
  ].join('\n');
}

/** A default of many fields stands at each of them. */
function defaultOf({ default: value, properties }: StructuralSchema): string {
  if (value === undefined || (properties !== undefined && Object.keys(properties).length > 0))
    return '';
  return `\`${cell(JSON.stringify(value))}\``;
}

function typeOf(schema: StructuralSchema): string {
  const { type, enum: names, items, additionalProperties } = schema;
  if (names !== undefined) return names.map((name) => `\`${String(name)}\``).join(', ');
  if (items !== undefined) return `list of ${typeOf(items)}${amountOf(schema)}`;
  if (additionalProperties !== undefined) return `map of ${typeOf(additionalProperties)}`;
  return `${type}${rangeOf(schema)}`;
}

function rangeOf(schema: StructuralSchema): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  if (minimum !== undefined && maximum !== undefined)
    return ` in ${exclusiveMinimum ? '(' : '['}${minimum}, ${maximum}${exclusiveMaximum ? ')' : ']'}`;
  if (minimum !== undefined) return `, ${exclusiveMinimum ? 'more than' : 'at least'} ${minimum}`;
  return maximum === undefined ? '' : `, ${exclusiveMaximum ? 'less than' : 'at most'} ${maximum}`;
}

const amountOf = ({ minItems = 0, maxItems }: StructuralSchema): string => {
  if (maxItems === undefined) return minItems > 0 ? `, ${minItems} or more` : '';
  return minItems > 0 ? `, ${minItems} to ${maxItems}` : `, ${maxItems} at most`;
};

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

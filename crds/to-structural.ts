// zod -> structural schema: what zod can say and a CustomResourceDefinition cannot is an error here, not in a cluster.
import { z } from 'zod';
import { withDefaults } from './defaults.ts';
import { type StructuralSchema, StructuralSchemaError } from './structural-schema.ts';

/** Copied unchanged. Everything else is rewritten below, or refused. */
const KEPT = new Set([
  'type',
  'description',
  'required',
  'enum',
  'nullable',
  'format',
  'pattern',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'x-kubernetes-validations',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-map-type',
]);
const REWRITTEN = new Set(['properties', 'additionalProperties', 'items', 'default']);
const TYPES = new Set(['object', 'array', 'string', 'integer', 'number', 'boolean']);
const INT32 = 2 ** 31;

interface Place {
  readonly path: string;
  /** Whether a CEL rule stands here or above: then its cost must be bounded. */
  readonly ruled: boolean;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * The structural schema of what a user may write (defaults are not yet filled in). Throws StructuralSchemaError
 * with the path of anything that the API server would refuse.
 */
export function toStructural(schema: z.ZodType, path: string): StructuralSchema {
  let json: Json;
  try {
    json = { ...z.toJSONSchema(schema, { target: 'openapi-3.0', io: 'input' }) };
  } catch (cause) {
    throw new StructuralSchemaError('no JSON schema can say this', { path, cause });
  }
  return rewrite(json, { path, ruled: false });
}

function rewrite(json: Json, { path, ruled: above }: Place): StructuralSchema {
  const place = { path, ruled: above || json['x-kubernetes-validations'] !== undefined };
  refuseForeign(json, path);
  const kept = Object.entries(json).filter(
    ([key, value]) => KEPT.has(key) && !boundsOfSafeIntegers(key, value),
  );
  const node = {
    ...Object.fromEntries(kept),
    ...numberPart(json),
    ...objectPart(json, place),
    ...arrayPart(json, place),
  } as unknown as StructuralSchema;
  if (place.ruled) refuseUnbounded(node, path);
  return json['default'] === undefined
    ? node
    : { ...node, default: withDefaults(node, json['default']) };
}

function refuseForeign(json: Json, path: string): void {
  const foreign = Object.keys(json).find((key) => !KEPT.has(key) && !REWRITTEN.has(key));
  if (foreign !== undefined)
    throw new StructuralSchemaError(`${foreign} is not structural`, { path });
  if (typeof json['type'] !== 'string' || !TYPES.has(json['type'])) {
    throw new StructuralSchemaError('has no type', { path });
  }
}

/** zod bounds every integer by the safe ones, which says nothing. */
function boundsOfSafeIntegers(key: string, value: unknown): boolean {
  return ['minimum', 'maximum'].includes(key) && Math.abs(Number(value)) >= Number.MAX_SAFE_INTEGER;
}

function numberPart({ type, minimum, maximum }: Json): object {
  if (type !== 'integer') return {};
  const fits = Number(minimum) >= -INT32 && Number(maximum) < INT32;
  return { format: fits ? 'int32' : 'int64' };
}

function objectPart(json: Json, { path, ruled }: Place): object {
  if (json['type'] !== 'object') return {};
  const isOpen = json['x-kubernetes-preserve-unknown-fields'] === true;
  const properties = Object.entries((json['properties'] ?? {}) as Record<string, Json>);
  if (isOpen && properties.length === 0) return {};
  // Fields that nobody knows are of any type, which the other mark says.
  const values = isOpen ? undefined : (json['additionalProperties'] as Json | undefined);
  if (values !== undefined && properties.length > 0) {
    throw new StructuralSchemaError('has both properties and additionalProperties', { path });
  }
  if (values !== undefined) {
    return { additionalProperties: rewrite(values, { path: `${path}.*`, ruled }) };
  }
  return {
    properties: Object.fromEntries(
      properties.map(([name, property]) => {
        const field = `${path}.${name}`;
        if (property['description'] === undefined) {
          throw new StructuralSchemaError('has no description', { path: field });
        }
        return [name, rewrite(property, { path: field, ruled })];
      }),
    ),
  };
}

function arrayPart(json: Json, { path, ruled }: Place): object {
  if (json['type'] !== 'array') return {};
  return { items: rewrite((json['items'] ?? {}) as Json, { path: `${path}[]`, ruled }) };
}

/** The API server multiplies a rule's cost by the largest size it may meet, and refuses the product. */
function refuseUnbounded(node: StructuralSchema, path: string): void {
  const missing = {
    string: node.maxLength === undefined && node.enum === undefined && 'maxLength',
    array: node.maxItems === undefined && 'maxItems',
    object:
      node.additionalProperties !== undefined &&
      node.maxProperties === undefined &&
      'maxProperties',
    integer: false,
    number: false,
    boolean: false,
  }[node.type];
  if (missing !== false) {
    throw new StructuralSchemaError(`has no ${missing}, and a CEL rule stands above it`, { path });
  }
}

// zod -> structural schema: what is rewritten, and what is refused before a cluster could.
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { StructuralSchemaError } from '../../crds/structural-schema.ts';
import { toStructural } from '../../crds/to-structural.ts';

const field = (schema: z.ZodType) => z.object({ field: schema.describe('A field.') });
const ruled = (schema: z.ZodType) =>
  field(schema).meta({ 'x-kubernetes-validations': [{ rule: 'true', message: 'holds' }] });

describe('what a CustomResourceDefinition cannot say is refused', () => {
  const tree: z.ZodType = z.object({
    get next() {
      return tree.optional().describe('Next.');
    },
  });

  test.each<[string, z.ZodType, string]>([
    ['a union', field(z.union([z.int(), z.string()])), 'spec.field: anyOf is not structural'],
    [
      'a discriminated union',
      field(z.discriminatedUnion('kind', [z.object({ kind: z.literal('a') })])),
      'spec.field: oneOf is not structural',
    ],
    ['a recursive type', tree, 'spec.next: allOf is not structural'],
    ['a value of any type', field(z.unknown()), 'spec.field: has no type'],
    ['items of any type', field(z.array(z.unknown())), 'spec.field[]: has no type'],
    ['values of any type', field(z.record(z.string(), z.any())), 'spec.field.*: has no type'],
    ['a date', field(z.date()), 'spec: no JSON schema can say this'],
    [
      'a field without description',
      z.object({ field: z.string() }),
      'spec.field: has no description',
    ],
    [
      'a nested field without description',
      field(z.array(z.object({ inner: z.int() }))),
      'spec.field[].inner: has no description',
    ],
    [
      'properties beside additionalProperties',
      field(z.object({ a: z.string().describe('A.') }).catchall(z.string())),
      'spec.field: has both properties and additionalProperties',
    ],
    [
      'a string without bound under a rule',
      ruled(z.string()),
      'spec.field: has no maxLength, and a CEL rule stands above it',
    ],
    [
      'a list without bound under a rule',
      ruled(z.array(z.int())),
      'spec.field: has no maxItems, and a CEL rule stands above it',
    ],
    [
      'a map without bound under a rule',
      ruled(z.record(z.string(), z.int())),
      'spec.field: has no maxProperties, and a CEL rule stands above it',
    ],
  ])('%s', (_story, schema, message) => {
    expect(() => toStructural(schema, 'spec')).toThrow(StructuralSchemaError);
    expect(() => toStructural(schema, 'spec')).toThrow(message);
  });
});

describe('what it can say is written its way', () => {
  const property = (schema: z.ZodType) => toStructural(field(schema), 'spec').properties?.['field'];

  test.each<[string, z.ZodType, object]>([
    [
      'a small integer is int32',
      z.int().min(0).max(10),
      { type: 'integer', minimum: 0, maximum: 10, format: 'int32' },
    ],
    [
      'a seed is int64',
      z
        .int()
        .min(0)
        .max(2 ** 32 - 1),
      { type: 'integer', minimum: 0, maximum: 4294967295, format: 'int64' },
    ],
    ['bounds of safe integers are dropped', z.int(), { type: 'integer', format: 'int64' }],
    ['an open bound', z.number().gt(0), { type: 'number', minimum: 0, exclusiveMinimum: true }],
    ['a number or null', z.number().nullable(), { type: 'number', nullable: true }],
    ['a literal', z.literal('a'), { type: 'string', enum: ['a'] }],
    [
      'a default holds the defaults within it',
      z.object({ a: z.int().min(0).max(9).default(3).describe('A.') }).prefault({}),
      {
        type: 'object',
        properties: {
          a: {
            type: 'integer',
            minimum: 0,
            maximum: 9,
            format: 'int32',
            default: 3,
            description: 'A.',
          },
        },
        default: { a: 3 },
      },
    ],
    [
      'fields that pass unchanged',
      z.looseObject({}).meta({ 'x-kubernetes-preserve-unknown-fields': true }),
      { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    ],
    [
      'known fields among them',
      z
        .looseObject({ a: z.string().describe('A.') })
        .meta({ 'x-kubernetes-preserve-unknown-fields': true }),
      {
        type: 'object',
        'x-kubernetes-preserve-unknown-fields': true,
        properties: { a: { type: 'string', description: 'A.' } },
        required: ['a'],
      },
    ],
    [
      'names and values',
      z.record(z.string(), z.string()),
      { type: 'object', additionalProperties: { type: 'string' } },
    ],
  ])('%s', (_story, schema, want) => {
    expect(property(schema)).toStrictEqual({ description: 'A field.', ...want });
  });

  test('a field with a default is not required', () => {
    const schema = z.object({
      a: z.int().default(1).describe('A.'),
      b: z.int().describe('B.'),
      c: z.int().optional().describe('C.'),
    });
    expect(toStructural(schema, 'spec').required).toEqual(['b']);
  });

  test('an enumeration needs no maxLength under a rule', () => {
    expect(() => toStructural(ruled(z.enum(['a', 'b'])), 'spec')).not.toThrow();
  });
});

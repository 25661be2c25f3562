// fast-check arbitraries from a structural schema: values that it describes, with optional fields left out at random.
import * as fc from 'fast-check';
import type { StructuralSchema } from '../../crds/index.ts';

/** Values that the schema holds valid, but for its CEL rules and patterns (strings are short words). */
export function valuesOf(schema: StructuralSchema): fc.Arbitrary<unknown> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'object':
      return objectsOf(schema);
    case 'array':
      return fc.array(valuesOf(schema.items ?? { type: 'boolean' }), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 3, 3),
      });
    case 'string':
      if (schema.format === 'date-time') return fc.constant('2026-01-01T00:00:00Z');
      return fc.constantFrom('90m', '1h30m');
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -5, max: schema.maximum ?? 2 ** 40 });
    case 'number':
      return fc.double({
        min: schema.minimum ?? -1e9,
        max: schema.maximum ?? 1e9,
        minExcluded: schema.exclusiveMinimum ?? false,
        noNaN: true,
      });
  }
}

function objectsOf({ properties = {}, required = [] }: StructuralSchema): fc.Arbitrary<unknown> {
  const fields = Object.entries(properties).map(([name, property]) => [name, valuesOf(property)]);
  return fc.record(Object.fromEntries(fields) as Record<string, fc.Arbitrary<unknown>>, {
    requiredKeys: [...required],
  });
}

/** Values that are mostly wrong: a valid one with a field somewhere replaced. */
export function brokenValuesOf(schema: StructuralSchema): fc.Arbitrary<unknown> {
  const junk = fc.constantFrom('', 'x', -1, 0, 0.5, 1e12, true, [], {}, ['x']);
  return fc
    .tuple(valuesOf(schema), fc.infiniteStream(fc.nat(1000)), junk)
    .map(([value, dice, by]) => replaced(structuredClone(value), dice[Symbol.iterator](), by));
}

function replaced(value: unknown, dice: Iterator<number>, by: unknown): unknown {
  const roll = (sides: number) => Number(dice.next().value) % sides;
  if (typeof value !== 'object' || value === null || roll(4) === 0) return by;
  const keys = Object.keys(value);
  const key = keys[roll(Math.max(keys.length, 1))];
  if (key === undefined) return by;
  const fields = value as Record<string, unknown>;
  fields[key] = replaced(fields[key], dice, by);
  return fields;
}

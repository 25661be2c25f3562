// The rules between fields, written once as CEL beside the fields (x-kubernetes-validations): the API server evaluates
// them in a cluster, and this file wherever there is none. Duplicates in lists of type set and map are found here, too.
import { parse } from '@marcbachmann/cel-js';
import type { z } from 'zod';
import type { StructuralSchema, ValidationRule } from './structural-schema.ts';
import { toStructural } from './to-structural.ts';

export type Path = readonly (string | number)[];

/** A rule that does not hold, and the field to blame. */
export interface Violation {
  readonly path: Path;
  readonly message: string;
}

interface Versions {
  readonly value: unknown;
  /** The stored version; undefined where the object is new, then transition rules say nothing. */
  readonly old?: unknown;
}

/** Every rule of the schema that does not hold. The value is valid but for its rules, and its defaults are in. */
export function violations(schema: StructuralSchema, { value, old }: Versions): Violation[] {
  return [...walk(schema, { value, old }, [])];
}

/** A zod check that adds every violation as an issue. */
export function rulesOf(schema: z.ZodType): (value: unknown, context: z.RefinementCtx) => void {
  let structural: StructuralSchema | undefined;
  return (value, context) => {
    // As the API server: rules are asked once the fields themselves are right.
    if (context.issues.length > 0) return;
    structural ??= toStructural(schema, 'spec');
    for (const { path, message } of violations(structural, { value })) {
      context.addIssue({ code: 'custom', message, path: [...path], input: value });
    }
  };
}

function* walk(schema: StructuralSchema, versions: Versions, path: Path): Generator<Violation> {
  const { value, old } = versions;
  if (value === undefined || value === null) return;
  for (const rule of schema['x-kubernetes-validations'] ?? []) {
    if (!holds(rule, schema, versions)) {
      yield { path: [...path, ...fieldsOf(rule)], message: rule.message };
    }
  }
  if (Array.isArray(value)) yield* walkItems(schema, value, path);
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const field = { value: fieldOf(value, name), old: fieldOf(old, name) };
    yield* walk(property, field, [...path, name]);
  }
}

/** Items have no old version here: the API server correlates those of maps only, and none of ours has such a rule. */
function* walkItems(
  schema: StructuralSchema,
  items: readonly unknown[],
  path: Path,
): Generator<Violation> {
  const seen = new Set<string>();
  for (const [index, item] of items.entries()) {
    const key = keyOf(schema, item);
    if (key !== undefined && seen.has(key)) {
      yield { path: [...path, index], message: `${key} is there once` };
    }
    if (key !== undefined) seen.add(key);
    if (schema.items !== undefined) yield* walk(schema.items, { value: item }, [...path, index]);
  }
}

/** What must be unique about an item, or undefined in an ordinary list. */
function keyOf(schema: StructuralSchema, item: unknown): string | undefined {
  if (schema['x-kubernetes-list-type'] === 'set') return String(item);
  return schema['x-kubernetes-list-map-keys']?.map((name) => fieldOf(item, name)).join('/');
}

/** Parsed once a rule: a search's are asked at every parse. */
const programs = new WeakMap<ValidationRule, ReturnType<typeof parse>>();

function programOf(rule: ValidationRule): ReturnType<typeof parse> {
  const program = programs.get(rule) ?? parse(rule.rule);
  programs.set(rule, program);
  return program;
}

function holds(rule: ValidationRule, schema: StructuralSchema, { value, old }: Versions): boolean {
  const transition = /\boldSelf\b/.test(rule.rule);
  if (transition && old === undefined) return true;
  const self = celValue(schema, value);
  return programOf(rule)(transition ? { self, oldSelf: celValue(schema, old) } : { self }) === true;
}

/** As CEL's types want it: integers are BigInt, and a field that is undefined is absent. */
function celValue(schema: StructuralSchema | undefined, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => celValue(schema?.items, item));
  if (typeof value === 'number' && schema?.type === 'integer') return BigInt(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .map(([name, field]) => {
        return [name, celValue(schema?.properties?.[name] ?? schema?.additionalProperties, field)];
      }),
  );
}

function fieldsOf({ fieldPath = '' }: ValidationRule): string[] {
  return fieldPath.split('.').slice(1);
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

// What is wrong with an object, in plain words: zod's issues and the rules between fields, for the one who wrote it.
import type { z } from 'zod';
import { type Kind, objectSchema } from './custom-resource-definitions.ts';
import { nearestName } from './nearest.ts';
import { type Path, violations } from './rules.ts';
import type { StructuralSchema } from './structural-schema.ts';
import { BioNASSearch, Trial } from './v1alpha1/index.ts';

/** Reads as `path: expected ..., got ... (did you mean ...?)`. */
export interface Problem {
  readonly path: Path;
  readonly expected: string;
  readonly got: string;
  /** The name a typo probably meant. */
  readonly nearest?: string;
}

const SCHEMAS = { BioNASSearch, Trial } as const;

/**
 * Why the API server would refuse the object; empty where it would not. With `old`, the version that is to be
 * replaced, also what may not change. Unknown fields are no problem here: the API server prunes them.
 */
export function problemsOf(kind: Kind, value: unknown, old?: unknown): Problem[] {
  const parsed = SCHEMAS[kind].safeParse(value);
  if (!parsed.success) return parsed.error.issues.map((issue) => problemOf(issue, value, kind));
  const previous = old === undefined ? undefined : SCHEMAS[kind].parse(old);
  const broken = violations(objectSchema(kind), { value: parsed.data, old: previous });
  return broken.map(({ path, message }) => ruleProblem(path, message, value));
}

function problemOf(issue: z.core.$ZodIssue, root: unknown, kind: Kind): Problem {
  const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
  if (issue.code === 'custom') return ruleProblem(path, issue.message, root);
  const value = valueAt(root, path);
  const problem = {
    path,
    expected: expectationOf(issue, schemaAt(kind, path)?.type),
    got: shown(value),
  };
  const names = issue.code === 'invalid_value' ? issue.values.map(String) : [];
  const nearest = typeof value === 'string' ? nearestName(value, names) : undefined;
  return nearest === undefined ? problem : { ...problem, nearest };
}

/** The message is the API server's own. */
function ruleProblem(path: Path, message: string, root: unknown): Problem {
  return { path, expected: `that ${message}`, got: shown(valueAt(root, path)) };
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  object: 'fields',
  array: 'a list',
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
};
const UNITS: Readonly<Record<string, string>> = { string: ' characters', array: ' items' };

/** zod says `number` of whole numbers, too: the published type is the better word. */
function expectationOf(issue: z.core.$ZodIssue, type: string | undefined): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPE_WORDS[type ?? issue.expected] ?? issue.expected;
    case 'invalid_value':
      return issue.values.length === 1
        ? String(issue.values[0])
        : `one of ${issue.values.join(', ')}`;
    case 'too_small':
      return `${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}${UNITS[issue.origin] ?? ''}`;
    case 'too_big':
      return `${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}${UNITS[issue.origin] ?? ''}`;
    default:
      return issue.message;
  }
}

/** A value as messages show it. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number') return String(value);
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function schemaAt(kind: Kind, path: Path): StructuralSchema | undefined {
  return path.reduce<StructuralSchema | undefined>(
    (schema, key) => (typeof key === 'number' ? schema?.items : schema?.properties?.[key]),
    objectSchema(kind),
  );
}

function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null
        ? (value as Record<string | number, unknown>)[key]
        : undefined,
    root,
  );
}

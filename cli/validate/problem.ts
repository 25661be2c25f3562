// A mistake in a file, where it stands, and its one line of output.
import type { Problem } from '../../crds/index.ts';

export interface FileProblem extends Problem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** `file:line:column: path: expected X, got Y (did you mean Z?)` */
export function formatProblem(problem: FileProblem): string {
  const { file, line, column, expected, got, nearest } = problem;
  const path = formatPath(problem.path);
  const hint = nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
  return `${file}:${line}:${column}: ${path}: expected ${expected}, got ${got}${hint}`;
}

/** `spec.objectives[0].goal`; the document itself is `object`. */
export function formatPath(path: Problem['path']): string {
  if (path.length === 0) return 'object';
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? key : `${text}.${key}`;
  }, '');
}

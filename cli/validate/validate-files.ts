// Checks manifests as the API server would, and more strictly where it is silent. Pure: texts in, problems out.
import {
  GROUP,
  KINDS,
  type Kind,
  nearestName,
  objectSchema,
  type Problem,
  problemsOf,
  shown,
  VERSION,
} from '../../crds/index.ts';
import { type ManifestDocument, type ManifestFile, readDocuments } from './documents.ts';
import { field } from './field.ts';
import { genotypeProblems } from './genotype-problems.ts';
import { type FileProblem, formatPath } from './problem.ts';
import { unknownFields } from './unknown-fields.ts';

export interface Validation {
  readonly problems: readonly FileProblem[];
  /** Objects without a mistake. */
  readonly valid: readonly { readonly file: string; readonly kind: Kind; readonly name: string }[];
}

interface Named {
  readonly kind: Kind;
  readonly name: string;
  readonly namespace: string;
  readonly place: FileProblem;
}

/** Every mistake in the files, in the order in which they stand there. */
export function validateFiles(files: readonly ManifestFile[]): Validation {
  const problems: FileProblem[] = [];
  const valid: Validation['valid'][number][] = [];
  const seen = new Map<string, FileProblem>();
  for (const file of files) {
    const { documents, problems: found } = readDocuments(file);
    for (const document of documents) {
      const mistakes = documentProblems(document);
      const named = nameOf(document);
      if (named !== undefined) {
        mistakes.push(...twins(document, named, seen));
        if (mistakes.length === 0) {
          valid.push({ file: file.name, kind: named.kind, name: named.name });
        }
      }
      found.push(...mistakes);
    }
    problems.push(...found.sort((a, b) => a.line - b.line || a.column - b.column));
  }
  return { problems, valid };
}

function documentProblems(document: ManifestDocument): FileProblem[] {
  const { value } = document;
  const kind = kindOf(value);
  if (kind === undefined) return [document.locate(foreignProblem(value))];
  const unknown = unknownFields(objectSchema(kind), value);
  // A misspelt field is one mistake, not an unknown field and a missing one.
  const meant = new Set(
    unknown.flatMap(({ path, nearest }) =>
      nearest === undefined ? [] : [formatPath([...path.slice(0, -1), nearest])],
    ),
  );
  const known = [...problemsOf(kind, value), ...genotypeProblems(kind, value)];
  return [
    ...unknown.map((problem) => document.locateName(problem)),
    ...known
      .filter(({ path, got }) => got !== 'nothing' || !meant.has(formatPath(path)))
      .map((problem) => document.locate(problem)),
  ];
}

function kindOf(value: unknown): Kind | undefined {
  const kind = field(value, 'kind');
  return KINDS.find((known) => known === kind);
}

function foreignProblem(value: unknown): Problem {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { path: [], expected: 'a BioNASSearch or a Trial', got: shown(value) };
  }
  const kind = field(value, 'kind');
  const expected = `one of ${KINDS.join(', ')} (apiVersion ${GROUP}/${VERSION})`;
  const nearest = typeof kind === 'string' ? nearestName(kind, KINDS) : undefined;
  const problem = { path: ['kind'], expected, got: shown(kind) };
  return nearest === undefined ? problem : { ...problem, nearest };
}

function nameOf(document: ManifestDocument): Named | undefined {
  const kind = kindOf(document.value);
  const metadata = field(document.value, 'metadata');
  const name = field(metadata, 'name');
  if (kind === undefined || typeof name !== 'string') return undefined;
  const path = ['metadata', 'name'];
  const place = document.locate({ path, expected: 'a name of its own', got: '' });
  return { kind, name, namespace: String(field(metadata, 'namespace') ?? ''), place };
}

function twins(
  document: ManifestDocument,
  { kind, name, namespace, place }: Named,
  seen: Map<string, FileProblem>,
): FileProblem[] {
  const key = `${kind}/${namespace}/${name}`;
  const first = seen.get(key);
  if (first === undefined) {
    seen.set(key, place);
    return [];
  }
  const got = `${name}, as the ${kind} at ${first.file}:${first.line}:${first.column}`;
  return [document.locate({ path: place.path, expected: place.expected, got })];
}

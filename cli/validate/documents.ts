// The YAML documents of a file, each with the places of its fields.
import {
  type Document,
  isDocument,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  type Node,
  parseAllDocuments,
  type YAMLError,
} from 'yaml';
import type { Path, Problem } from '../../crds/index.ts';
import { DEEPEST, tooDeepAt } from './nesting.ts';
import type { FileProblem } from './problem.ts';

export interface ManifestFile {
  readonly name: string;
  readonly text: string;
}

/** A document that YAML could read. */
export interface ManifestDocument {
  readonly value: unknown;
  /** The problem at the place of its path, or of the nearest field above that is there. */
  locate(problem: Problem): FileProblem;
  /** The same, at the name of the field and not at its value. */
  locateName(problem: Problem): FileProblem;
}

/** Documents of a file, and what is no YAML in it. A file without any document is a problem. */
export function readDocuments(file: ManifestFile): {
  documents: ManifestDocument[];
  problems: FileProblem[];
} {
  const deep = tooDeepAt(file.text);
  if (deep !== undefined) return { documents: [], problems: [tooDeep(file, deep)] };
  const lines = new LineCounter();
  const parsed = parseAllDocuments(file.text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { file: file.name, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const all = (Array.isArray(parsed) ? parsed : [parsed]).filter((doc) => isDocument(doc));
  const problems = all.flatMap(mistakesOf).map((mistake) => ({
    ...at(mistake.pos[0]),
    path: [],
    expected: 'YAML',
    got: mistake.message,
  }));
  const read = all.filter((document) => !isEmpty(document) && document.errors.length === 0);
  const documents: ManifestDocument[] = [];
  for (const document of read) {
    try {
      documents.push(manifestDocument(document, at));
    } catch (error) {
      // An alias of no anchor, within its own anchor, or too many of them.
      if (!(error instanceof ReferenceError)) throw error;
      const place = at(offsetOf(document.contents));
      problems.push({ ...place, path: [], expected: 'YAML', got: error.message });
    }
  }
  if (documents.length + problems.length === 0) {
    problems.push({ ...at(0), path: [], expected: 'a BioNASSearch or a Trial', got: 'nothing' });
  }
  return { documents, problems };
}

function tooDeep({ name, text }: ManifestFile, offset: number): FileProblem {
  const before = text.slice(0, offset).split('\n');
  const place = { file: name, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  return { ...place, path: [], expected: `at most ${DEEPEST} levels of nesting`, got: 'more' };
}

/** Where the grammar is broken, the parser stumbles on: what it says after the first mistake misleads. */
function mistakesOf({ errors, warnings }: Document.Parsed): readonly YAMLError[] {
  const broken = errors.find(({ code }) => code !== 'DUPLICATE_KEY');
  return broken === undefined ? [...errors, ...warnings] : [broken];
}

function isEmpty({ contents }: Document.Parsed): boolean {
  return contents === null || (isScalar(contents) && contents.value === null);
}

function manifestDocument(
  document: Document.Parsed,
  at: (offset: number) => Pick<FileProblem, 'file' | 'line' | 'column'>,
): ManifestDocument {
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  if (holdsItself(value)) throw new ReferenceError('An anchor may not hold an alias of itself');
  return {
    value,
    locate: (problem) => ({ ...at(offsetOf(valueNode(document, problem.path))), ...problem }),
    locateName: (problem) => ({ ...at(offsetOf(nameNode(document, problem.path))), ...problem }),
  };
}

/** `done` has what was looked at: the same object may stand in many places. */
function holdsItself(
  value: unknown,
  above: readonly object[] = [],
  done = new Set<object>(),
): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (above.includes(value)) return true;
  if (done.has(value)) return false;
  done.add(value);
  return Object.values(value).some((part) => holdsItself(part, [...above, value], done));
}

function offsetOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}

/** A missing field is blamed on the name of the one that lacks it. */
function valueNode(document: Document.Parsed, path: Path): Node | null {
  if (path.length === 0) return document.contents;
  const node = document.getIn(path, true);
  return isNode(node) ? node : nameNode(document, path.slice(0, -1));
}

function nameNode(document: Document.Parsed, path: Path): Node | null {
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  const name = path.at(-1);
  const pair = isMap(parent)
    ? parent.items.find(({ key }) => isScalar(key) && key.value === name)
    : undefined;
  return isNode(pair?.key)
    ? pair.key
    : valueNode(document, path.length > 0 ? path.slice(0, -1) : []);
}

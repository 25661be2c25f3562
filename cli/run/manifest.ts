// The one search of a manifest file, with defaults filled in.
import { parseAllDocuments } from 'yaml';
import { BioNASSearch } from '../../crds/index.ts';
import { formatProblem, validateFiles } from '../validate/index.ts';

/** A manifest that cannot be run; one line a mistake. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
  readonly exitCode = 2;
}

/** Where the manifest names no namespace. */
const NAMESPACE = 'default';

/** @throws ManifestError with every mistake, or where the file holds not exactly one BioNASSearch */
export function readSearch(file: string, text: string): BioNASSearch {
  const { problems } = validateFiles([{ name: file, text }]);
  if (problems.length > 0) throw new ManifestError(problems.map(formatProblem).join('\n'));
  const objects = parseAllDocuments(text).map((document) => document.toJS() as unknown);
  const searches = objects.flatMap((object) => {
    const parsed = BioNASSearch.safeParse(object);
    return parsed.success ? [parsed.data] : [];
  });
  const [search] = searches;
  if (search === undefined || searches.length > 1)
    throw new ManifestError(`${file}: expected one BioNASSearch, got ${searches.length}`);
  return {
    ...search,
    metadata: { ...search.metadata, namespace: search.metadata.namespace ?? NAMESPACE },
  };
}

/** As readSearch, of a file that may not be there. */
export async function readSearchFile(
  file: string,
  { readFile }: { readFile(path: string): Promise<string> },
): Promise<BioNASSearch> {
  try {
    return readSearch(file, await readFile(file));
  } catch (cause) {
    if (cause instanceof ManifestError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ManifestError(`${file}: expected a file that can be read, got ${reason}`, { cause });
  }
}

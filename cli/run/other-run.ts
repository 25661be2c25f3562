// The search of another run directory, of which a new one may begin: as its result.json tells it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BioNASSearch } from '../../crds/index.ts';
import {
  isWarmStart,
  type OtherSearches,
  recordSchema,
  takeFrom,
  withTaken,
} from '../../operator/reconcilers/index.ts';
import { createEngine, type TakenResult } from '../../operator/search/index.ts';
import { type ResultTrial, readResult, type SearchResult } from '../result/index.ts';

/** Nothing can be taken from the other search. */
export class WarmStartUnavailableError extends Error {
  override readonly name = 'WarmStartUnavailableError';
  readonly exitCode = 2;
}

/** A run that stopped does not go on by itself: what it has is taken, whether it has ended or not. */
export function otherRun(directory: string): OtherSearches {
  return {
    async find({ name }) {
      const result = await resultOf(directory);
      if ('missing' in result) return result;
      const { search, best, pareto, spec, trials } = result;
      if (search.name !== name) return { missing: `${directory} has search ${search.name}` };
      const texts = (networks: typeof best) => networks.map(({ genotype }) => genotype);
      const { objectives } = spec;
      const lists = { best: texts(best), pareto: texts(pareto), scored: scoredOf(trials) };
      return { ...search, settled: true, objectives, ...lists };
    },
  };
}

/** In the order in which they ended. */
const scoredOf = (trials: readonly ResultTrial[]): TakenResult[] =>
  trials
    .filter(
      ({ purpose, state }) => purpose === 'Search' && (state === 'Trained' || state === 'Diverged'),
    )
    .toSorted((a, b) => (a.completionTime ?? '').localeCompare(b.completionTime ?? ''))
    .flatMap(({ genotype, objectives }) =>
      objectives === undefined ? [] : { genotype, objectives },
    );

async function resultOf(directory: string): Promise<SearchResult | { readonly missing: string }> {
  const file = join(directory, 'result.json');
  return readResult(file).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return { missing: `expected ${file}, which a run leaves when it ends or stops, got ${code}` };
  });
}

/**
 * The manifest with the search in the directory as the one to begin from, unless it names one itself. One that has begun knows
 * from its `ledger`, the directory may be gone by then.
 */
export async function beginningFrom(
  manifest: BioNASSearch,
  directory: string,
  ledger: string,
): Promise<BioNASSearch> {
  if (manifest.spec.warmStart?.search !== undefined) return manifest;
  const name = (await begunFrom(ledger)) ?? (await nameOf(directory));
  const search = { name, take: 'best', count: 10 } as const;
  const warmStart = { ...manifest.spec.warmStart, search };
  return { ...manifest, spec: { ...manifest.spec, warmStart } };
}

async function nameOf(directory: string): Promise<string> {
  const result = await resultOf(directory);
  if ('missing' in result) throw new WarmStartUnavailableError(`--warm-start: ${result.missing}`);
  return result.search.name;
}

/** Name of the search from which the ledger's began. */
async function begunFrom(ledger: string): Promise<string | undefined> {
  const [line = ''] = (await readFile(ledger, 'utf8').catch(() => '')).split('\n');
  if (line === '') return undefined;
  const record = recordIn(line);
  const { data } = recordSchema(record).safeParse(record);
  return data !== undefined && isWarmStart(data) ? data.from.name : undefined;
}

/** Nothing of a line that is damaged: whoever opens the ledger says so. */
function recordIn(line: string): unknown {
  try {
    return (JSON.parse(line) as { record?: unknown } | null)?.record;
  } catch {
    return undefined;
  }
}

/**
 * Whether a search that begins anew can begin from the other one.
 * @throws WarmStartUnavailableError, and WarmStartError where a network is none of the search space
 */
export async function checkOther(
  manifest: BioNASSearch,
  others: OtherSearches,
  nowMs: number,
): Promise<void> {
  const { metadata, spec } = manifest;
  const { namespace = '' } = metadata;
  const wanted = spec.warmStart?.search;
  if (wanted === undefined) return;
  const found = await others.find(
    { namespace, name: wanted.name },
    { namespace, take: wanted.take },
  );
  const taking = takeFrom(manifest, found, nowMs);
  if (taking === undefined) return;
  if (taking.kind !== 'take') throw new WarmStartUnavailableError(taking.message);
  createEngine(withTaken(spec, taking.record));
}

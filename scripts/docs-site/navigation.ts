// docs/navigation.yaml: in which order the pages stand, and in which sections. Every page is there once.
import { posix } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { nearestHint, type Problem, SiteError } from './site-error.ts';

export const NAVIGATION = 'docs/navigation.yaml';

/** `path`, or `path: a shorter title than the page's own`; the last part of a path may have a `*`. */
const Entry = z.union([z.string(), z.record(z.string(), z.string())]);
const Sections = z.array(z.strictObject({ section: z.string(), pages: z.array(Entry) }));

export interface NavigationEntry {
  readonly path: string;
  readonly title: string | undefined;
}
export interface Section {
  readonly title: string;
  readonly entries: readonly NavigationEntry[];
}

/** Throws SiteError where a page is missing, comes twice, or is not there. */
export function readNavigation(text: string, pages: readonly string[]): Section[] {
  const parsed = Sections.safeParse(parse(text));
  if (!parsed.success)
    throw new SiteError([{ where: NAVIGATION, what: z.prettifyError(parsed.error) }]);
  const named = parsed.data.flatMap((section) => section.pages.flatMap(entriesOf));
  const single = new Set(named.map(({ path }) => path).filter((path) => !path.includes('*')));
  const sections = parsed.data.map(({ section, pages: entries }) => ({
    title: section,
    entries: entries.flatMap(entriesOf).flatMap((entry) => expand(entry, pages, single)),
  }));
  const problems = problemsOf(
    sections.flatMap(({ entries }) => entries.map(({ path }) => path)),
    pages,
  );
  if (problems.length > 0) throw new SiteError(problems);
  return sections;
}

const entriesOf = (entry: z.infer<typeof Entry>): NavigationEntry[] =>
  typeof entry === 'string'
    ? [{ path: entry, title: undefined }]
    : Object.entries(entry).map(([path, title]) => ({ path, title }));

/** Pages that a pattern takes, but for those that are named alone. */
function expand(entry: NavigationEntry, pages: readonly string[], single: ReadonlySet<string>) {
  if (!entry.path.includes('*')) return [entry];
  return pages
    .filter((page) => posix.matchesGlob(page, entry.path) && !single.has(page))
    .map((path) => ({ path, title: undefined }));
}

function problemsOf(named: readonly string[], pages: readonly string[]): Problem[] {
  const forgotten = pages
    .filter((page) => !named.includes(page))
    .map((where) => ({ where, what: `in no section of ${NAVIGATION}: add it to one` }));
  const wrong = named.flatMap((path, k) => {
    if (named.indexOf(path) !== k)
      return [{ where: NAVIGATION, what: `${path} is there twice: take one out` }];
    if (pages.includes(path)) return [];
    return [{ where: NAVIGATION, what: `there is no page ${path}${nearestHint(path, pages)}` }];
  });
  return [...forgotten, ...wrong];
}

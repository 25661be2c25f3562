// The files that the site is made of, by their paths from the repository's root, with forward slashes.
import { globSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface Repository {
  /** Pages: Markdown that people read, sorted. */
  readonly pages: readonly string[];
  read(path: string): Buffer;
  kindOf(path: string): 'file' | 'folder' | undefined;
  /** Names in a folder, sorted; those of folders end in a slash. */
  list(folder: string): readonly string[];
}

const PAGES = ['*.md', 'docs/**/*.md', 'examples/**/*.md', 'charts/*/*.md'];

export function openRepository(root: string): Repository {
  const kindOf = (path: string) => {
    const stat = statSync(join(root, path), { throwIfNoEntry: false });
    if (stat === undefined) return undefined;
    return stat.isDirectory() ? 'folder' : 'file';
  };
  return {
    pages: PAGES.flatMap((pattern) => globSync(pattern, { cwd: root }))
      .map((path) => path.replaceAll('\\', '/'))
      .toSorted(),
    read: (path) => readFileSync(join(root, path)),
    kindOf,
    list: (folder) =>
      readdirSync(join(root, folder), { withFileTypes: true })
        .filter(({ name }) => !name.startsWith('.'))
        .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
        .toSorted(),
  };
}

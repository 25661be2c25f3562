// A repository of a few pages, for tests of the docs site: texts by path, with a navigation that has all of them.
import type { Repository } from '../../scripts/docs-site/index.ts';

export function docsRepository(files: Readonly<Record<string, string>>): Repository {
  const pages = Object.keys(files)
    .filter((path) => path.endsWith('.md'))
    .toSorted();
  const all: Readonly<Record<string, string>> = {
    'docs/navigation.yaml': `- section: All\n  pages: ${JSON.stringify(pages)}\n`,
    'dashboard/public/icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
    ...files,
  };
  const below = (folder: string) =>
    Object.keys(all).filter((path) => path.startsWith(`${folder}/`));
  return {
    pages,
    read: (path) => Buffer.from(all[path] ?? ''),
    kindOf: (path) => {
      if (path in all) return 'file';
      return below(path).length > 0 ? 'folder' : undefined;
    },
    list: (folder) => [
      ...new Set(below(folder).map((path) => path.slice(folder.length + 1).replace(/\/.*/, '/'))),
    ],
  };
}

// Where things of the repository lie on the site: the same paths, so that pictures and most links stay as they are.
import { posix } from 'node:path';

/** `README.md` of a folder is its index; other pages end in .html, shown files in .html after their own ending. */
export function addressOf(path: string, kind: 'page' | 'file' | 'folder'): string {
  if (kind === 'folder') return posix.join(path, 'index.html');
  if (kind === 'file') return `${path}.html`;
  return path.replace(/(^|\/)README\.md$/, '$1index.md').replace(/\.md$/, '.html');
}

/** From one address of the site to another, with names of files, as a page opened from a disk needs them. */
export function relativeAddress(from: string, to: string): string {
  return posix.relative(posix.dirname(from), to) || posix.basename(to);
}

// Files and folders that pages speak of, as pages of their own: a site without a repository's address shows them itself, also from
// a disk. A folder is shown with all that is in it.
import { posix } from 'node:path';
import { type Content, html } from '../../cli/report/index.ts';
import { addressOf, relativeAddress } from './addresses.ts';
import { type Highlight, languageOfFile } from './code.ts';
import type { PageContent } from './layout.ts';
import type { Links } from './links.ts';
import { codeBlock } from './render.ts';
import type { Repository } from './repository.ts';

/** What is larger is named, and not shown. */
const LARGEST = 256_000;

export interface ShownFile {
  readonly path: string;
  readonly kind: 'file' | 'folder';
}

/** What is to be shown, with what lies in folders. Pages of Markdown are there already. */
export function shownFiles({ shown }: Links, repository: Repository): ShownFile[] {
  const below = (path: string): ShownFile[] => {
    if (repository.kindOf(path) === 'file')
      return isShown(path, repository) ? [{ path, kind: 'file' }] : [];
    const inside = repository.list(path).map((name) => posix.join(path, name).replace(/\/$/, ''));
    return [{ path, kind: 'folder' }, ...inside.flatMap(below)];
  };
  const all = new Map([...shown].flatMap(below).map((file) => [file.path, file]));
  return [...all.values()].filter(({ path }) => !path.endsWith('.md'));
}

function isShown(path: string, repository: Repository): boolean {
  const content = repository.read(path);
  return content.length <= LARGEST && !content.includes(0);
}

/** The page of a file or a folder. */
export function shownPage(
  { path, kind }: ShownFile,
  files: ReadonlySet<string>,
  { repository, highlight }: { repository: Repository; highlight: Highlight },
): PageContent {
  const address = addressOf(path, kind);
  const body =
    kind === 'file'
      ? codeBlock(repository.read(path).toString('utf8').trimEnd(), languageOfFile(path), highlight)
      : listing(path, files, repository);
  const title = kind === 'file' ? path : `${path}/`;
  return {
    address,
    title,
    source: path,
    body: html`<h1>${title}</h1>\n`.text + body,
    places: [],
  };
}

function listing(folder: string, files: ReadonlySet<string>, repository: Repository): string {
  const item = (name: string): Content => {
    const path = posix.join(folder, name).replace(/\/$/, '');
    const isPage = repository.pages.includes(path);
    const kind = name.endsWith('/') ? 'folder' : isPage ? 'page' : 'file';
    if (!isPage && !files.has(path)) return html`<li>${name}</li>\n`;
    const way = relativeAddress(addressOf(folder, 'folder'), addressOf(path, kind));
    return html`<li><a href="${way}">${name}</a>${firstComment(path, kind, repository)}</li>\n`;
  };
  return html`<ul class="files">\n${repository.list(folder).map(item)}</ul>\n`.text;
}

/** The first sentence of what a file says of itself at its beginning. */
function firstComment(path: string, kind: string, repository: Repository): Content {
  if (kind !== 'file') return undefined;
  const [block] = /^(?:(?:#|\/\/) .*\n)+/.exec(repository.read(path).toString('utf8')) ?? [];
  const text = block
    ?.replaceAll(/^(?:#|\/\/) /gm, '')
    .replaceAll('\n', ' ')
    .trim();
  const sentence = text && (/^.*?[.?](?= |$)/.exec(text)?.[0] ?? text);
  return sentence && html` <span>${sentence}</span>`;
}

// Where a link of a page leads on the site: to another page, to a picture that is copied, or to a file that is shown as a page.
import { posix } from 'node:path';
import { addressOf, relativeAddress } from './addresses.ts';
import type { Draft, Reference } from './draft.ts';
import type { Repository } from './repository.ts';
import { nearestHint, type Problem } from './site-error.ts';

export interface Links {
  /** Pictures, to be copied as they are. */
  readonly pictures: ReadonlySet<string>;
  /** Files and folders of the repository that pages speak of. */
  readonly shown: ReadonlySet<string>;
  readonly problems: readonly Problem[];
}

const PICTURE = /\.(?:svg|png|jpe?g|gif|webp)$/;

/** Turns the targets of all pages into addresses of the site. */
export function resolveLinks(drafts: readonly Draft[], repository: Repository): Links {
  const pages = new Map(drafts.map((draft) => [draft.path, draft]));
  const pictures = new Set<string>();
  const shown = new Set<string>();
  const problems: Problem[] = [];
  for (const draft of drafts)
    for (const reference of draft.references) {
      const target = String(reference.token.attrGet(reference.attribute));
      if (/^[a-z][a-z0-9+.-]*:/i.test(target)) continue;
      const found = find(target, draft, { pages, repository });
      if (typeof found === 'string') problems.push(problemOf(draft, reference, found));
      else {
        if (found.kind === 'picture') pictures.add(found.path);
        if (found.kind === 'file' || found.kind === 'folder') shown.add(found.path);
        const address = found.kind === 'picture' ? found.path : addressOf(found.path, found.kind);
        const here = addressOf(draft.path, 'page');
        const way = address === here && found.anchor !== '' ? '' : relativeAddress(here, address);
        reference.token.attrSet(reference.attribute, way + found.anchor);
      }
    }
  return { pictures, shown, problems };
}

const problemOf = (draft: Draft, { line }: Reference, what: string): Problem => ({
  where: `${draft.path}:${line}`,
  what,
});

interface Found {
  readonly path: string;
  readonly kind: 'page' | 'picture' | 'file' | 'folder';
  /** With its `#`, or nothing. */
  readonly anchor: string;
}
interface Place {
  readonly pages: ReadonlyMap<string, Draft>;
  readonly repository: Repository;
}

/** What a target means, or what is wrong with it. */
function find(target: string, draft: Draft, { pages, repository }: Place): Found | string {
  const [written = '', name] = decodeURI(target).split('#');
  const path =
    written === ''
      ? draft.path
      : posix.join(posix.dirname(draft.path), written).replace(/\/$/, '') || '.';
  const anchor = name === undefined ? '' : `#${name}`;
  const page = pages.get(path) ?? pages.get(posix.join(path, 'README.md'));
  if (page !== undefined) {
    const ids = page.headings.map(({ id }) => id);
    if (name === undefined || ids.includes(name)) return { path: page.path, kind: 'page', anchor };
    return `link to ${target}: ${page.path} has no such heading${nearestHint(name, ids)}`;
  }
  const kind = repository.kindOf(path);
  if (kind === undefined || path.startsWith('..'))
    return `link to ${target}: there is no ${path}${nearestHint(path, pages.keys())}`;
  if (kind === 'file' && PICTURE.test(path)) return { path, kind: 'picture', anchor };
  return { path, kind, anchor: '' };
}

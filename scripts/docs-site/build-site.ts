// From the repository's pages to the files of the site: all are read, then their links are resolved, then they are written.
import packageJson from '../../package.json' with { type: 'json' };
import { addressOf } from './addresses.ts';
import { clientScript, styleSheet } from './assets.ts';
import { createHighlight, type Highlight, languageOfFile } from './code.ts';
import { type Draft, readDraft } from './draft.ts';
import { layOut, type NavigationSection, type PageContent, type Site } from './layout.ts';
import { type Links, resolveLinks } from './links.ts';
import { NAVIGATION, readNavigation, type Section } from './navigation.ts';
import { passagesOf, renderDraft } from './render.ts';
import type { Repository } from './repository.ts';
import type { SearchEntry } from './search.ts';
import { shownFiles, shownPage } from './shown-files.ts';
import { SiteError } from './site-error.ts';

interface Pages {
  readonly drafts: readonly Draft[];
  readonly links: Links;
}

/** Reads all pages and resolves their links. Throws SiteError that lists all that is wrong with them. */
export function readPages(repository: Repository): Pages {
  const drafts = repository.pages.map((path) => readDraft(path, textOf(repository, path)));
  const links = resolveLinks(drafts, repository);
  const problems = [...drafts.flatMap((draft) => draft.problems), ...links.problems];
  if (problems.length > 0) throw new SiteError(problems);
  return { drafts, links };
}

const textOf = (repository: Repository, path: string): string =>
  repository.read(path).toString('utf8');

/**
 * Contents by path on the site. `base` is the path that servers know it by, which only their page for what is not there needs.
 * Throws SiteError where pages or their order are wrong.
 */
export async function buildSite(
  repository: Repository,
  base = '/',
): Promise<Map<string, string | Buffer>> {
  const { drafts, links } = readPages(repository);
  const sections = readNavigation(textOf(repository, NAVIGATION), repository.pages);
  const files = shownFiles(links, repository);
  const languages = files.map(({ path }) => languageOfFile(path));
  const highlight = await createHighlight([
    ...drafts.flatMap((draft) => draft.languages),
    ...languages,
  ]);
  const paths = new Set(files.map(({ path }) => path));
  const contents = [
    ...drafts.map((draft) => contentOf(draft, highlight)),
    ...files.map((file) => shownPage(file, paths, { repository, highlight })),
    missingPage(base),
  ];
  const site: Site = { sections: linksOf(sections, drafts), version: packageJson.version };
  const built = new Map<string, string | Buffer>(
    contents.map((content) => [content.address, layOut(content, site)]),
  );
  for (const path of links.pictures) built.set(path, repository.read(path));
  built.set('icon.svg', repository.read('dashboard/public/icon.svg'));
  built.set('site.css', await styleSheet(contents.map(({ body }) => body)));
  built.set('site.js', await clientScript());
  built.set('search-index.js', `globalThis.bionasPages = ${JSON.stringify(entriesOf(drafts))};\n`);
  return built;
}

/** Servers show it at any address. */
const missingPage = (root: string): PageContent => ({
  address: '404.html',
  root,
  title: 'Not here',
  source: 'scripts/docs-site',
  body: '<h1>There is no such page</h1>\n<p>It may have moved: look for a word of it above, or among the pages at the side.</p>\n',
  places: [],
});

function contentOf(draft: Draft, highlight: Highlight): PageContent {
  return {
    address: addressOf(draft.path, 'page'),
    title: draft.title,
    source: draft.path,
    body: renderDraft(draft, highlight),
    places: draft.headings.filter(({ level }) => level === 2 || level === 3),
  };
}

function linksOf(sections: readonly Section[], drafts: readonly Draft[]): NavigationSection[] {
  const titles = new Map(drafts.map(({ path, title }) => [path, title]));
  return sections.map(({ title, entries }) => ({
    title,
    links: entries.map((entry) => ({
      address: addressOf(entry.path, 'page'),
      title: entry.title ?? titles.get(entry.path) ?? entry.path,
    })),
  }));
}

function entriesOf(drafts: readonly Draft[]): SearchEntry[] {
  const passages = drafts.flatMap((draft) =>
    passagesOf(draft).map((passage) => ({ draft, passage })),
  );
  return passages.map(({ draft, passage: { heading, id: place, text } }, id) => {
    const address = `${addressOf(draft.path, 'page')}#${place}`;
    return { id, address, page: draft.title, heading, text };
  });
}

// What surrounds the text of every page: navigation, the places on the page, the pages before and after.
import { type Content, html, Markup } from '../../cli/report/index.ts';
import { relativeAddress } from './addresses.ts';

/** Nothing from elsewhere, nothing inline. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'";

/** Of the frame: no heading has a name with a dot. */
const IDS = { text: 'frame.text', pages: 'frame.pages', places: 'frame.places' };

export interface NavigationLink {
  readonly address: string;
  readonly title: string;
}
export interface NavigationSection {
  readonly title: string;
  readonly links: readonly NavigationLink[];
}
/** What all pages have in common. */
export interface Site {
  readonly sections: readonly NavigationSection[];
  readonly version: string;
}
export interface PageContent {
  readonly address: string;
  readonly title: string;
  /** Path of what it was made of. */
  readonly source: string;
  readonly body: string;
  /** Where the site's root is, if not known from the address: of a page that is shown in the place of any. */
  readonly root?: string;
  /** Headings that are listed beside it. */
  readonly places: readonly {
    readonly id: string;
    readonly text: string;
    readonly level: number;
  }[];
}

export function layOut(page: PageContent, site: Site): string {
  const { root } = page;
  const to = (address: string) =>
    root === undefined ? relativeAddress(page.address, address) : root + address;
  const title = page.address === 'index.html' ? 'bionas' : `${page.title} - bionas`;
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="${to('icon.svg')}" type="image/svg+xml">
<link rel="stylesheet" href="${to('site.css')}">
<script src="${to('site.js')}"></script>
</head>
<body>
<a class="skip" href="#${IDS.text}">To the text</a>
<header class="bar">
<button class="menu" type="button" popovertarget="${IDS.pages}">Pages</button>
<a class="brand" href="${to('index.html')}">bionas</a>
<div class="tools"></div>
</header>
<div class="columns">
${navigation(page, site, to)}
<main id="${IDS.text}" tabindex="-1">
${places(page)}
<article>
${new Markup(page.body)}</article>
${neighbours(page, site, to)}
<footer>bionas ${site.version}, from ${html`<code>${page.source}</code>`}</footer>
</main>
</div>
</body>
</html>
`;
  return document.text;
}

type To = (address: string) => string;

function navigation({ address }: PageContent, { sections }: Site, to: To): Content {
  const link = (each: NavigationLink) => {
    const current = each.address === address ? html` aria-current="page"` : undefined;
    return html`<li><a href="${to(each.address)}"${current}>${each.title}</a></li>\n`;
  };
  const section = ({ title, links }: NavigationSection) => {
    const open = links.some((each) => each.address === address) ? html` open` : undefined;
    return html`<details${open}><summary>${title}</summary>
<ul>
${links.map(link)}</ul>
</details>
`;
  };
  return html`<nav id="${IDS.pages}" class="pages" popover aria-label="Pages">
${sections.map(section)}</nav>`;
}

function places({ places: headings }: PageContent): Content {
  if (headings.length < 2) return undefined;
  const items = headings.map(
    ({ id, text, level }) => html`<li class="level-${level}"><a href="#${id}">${text}</a></li>\n`,
  );
  return html`<button class="places-button" type="button" popovertarget="${IDS.places}">On this page</button>
<nav id="${IDS.places}" class="places" popover aria-label="On this page">
<p>On this page</p>
<ul>
${items}</ul>
</nav>`;
}

function neighbours({ address }: PageContent, { sections }: Site, to: To): Content {
  const links = sections.flatMap((section) => section.links);
  const here = links.findIndex((each) => each.address === address);
  if (here < 0) return undefined;
  const neighbour = (link: NavigationLink | undefined, name: string) =>
    link && html`<a class="${name}" rel="${name}" href="${to(link.address)}">${link.title}</a>\n`;
  return html`<nav class="neighbours" aria-label="Pages before and after">
${neighbour(links[here - 1], 'prev')}${neighbour(links[here + 1], 'next')}</nav>`;
}

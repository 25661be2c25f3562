// The search: `/` leads to it, words are looked for as they are typed, arrows lead through what is found.
import { createSearch, type Found, type SearchEntry } from '../search.ts';

declare global {
  var bionasPages: readonly SearchEntry[] | undefined;
}

const MOST = 12;

export function createSearchBox(root: URL): HTMLElement {
  const box = document.createElement('search');
  const input = document.createElement('input');
  input.type = 'search';
  input.placeholder = 'Search (/)';
  input.ariaLabel = 'Search';
  const results = document.createElement('div');
  results.className = 'results';
  results.hidden = true;
  const status = document.createElement('p');
  status.role = 'status';
  const list = document.createElement('ul');
  results.append(status, list);
  box.append(input, results);

  let search: ((words: string) => Found[]) | undefined;
  const show = () => {
    const words = input.value.trim();
    results.hidden = words === '' || search === undefined;
    if (search === undefined || words === '') return;
    const found = search(words);
    status.textContent = countOf(found.length);
    list.replaceChildren(...found.slice(0, MOST).map((each) => itemOf(each, root)));
  };
  input.addEventListener(
    'focus',
    () =>
      load(root, (found) => {
        search ??= found;
        show();
      }),
    { once: true },
  );
  input.addEventListener('input', show);
  box.addEventListener('keydown', (event) => onKey(event, { input, results }));
  addEventListener('keydown', (event) => {
    const isTyping =
      event.target instanceof Element && event.target.matches('input, select, textarea');
    if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    input.focus();
  });
  addEventListener('click', ({ target }) => {
    if (target instanceof Node && !box.contains(target)) results.hidden = true;
  });
  return box;
}

/** As a script: pages from a disk may not fetch. */
function load(root: URL, done: (search: (words: string) => Found[]) => void): void {
  const script = document.createElement('script');
  script.src = new URL('search-index.js', root).href;
  script.addEventListener('load', () => done(createSearch(globalThis.bionasPages ?? [])));
  document.head.append(script);
}

const countOf = (count: number): string => {
  if (count === 0) return 'Nothing found';
  return count > MOST
    ? `The best ${MOST} of ${count} places`
    : `${count} ${count === 1 ? 'place' : 'places'}`;
};

function itemOf(found: Found, root: URL): HTMLElement {
  const link = document.createElement('a');
  link.href = new URL(found.address, root).href;
  const title = document.createElement('strong');
  title.textContent =
    found.page === found.heading ? found.page : `${found.page} › ${found.heading}`;
  const excerpt = document.createElement('span');
  excerpt.append(...excerptOf(found));
  link.append(title, excerpt);
  const item = document.createElement('li');
  item.append(link);
  return item;
}

/** Some words around the first that was found, with what was found marked. */
function excerptOf({ text, terms }: Found): (string | HTMLElement)[] {
  const pattern = new RegExp(`(${terms.map(literal).join('|')})`, 'i');
  const first = Math.max(0, text.search(pattern));
  const start = text.lastIndexOf(' ', Math.max(0, first - 40)) + 1;
  const [window = ''] = /^.{0,160}(?= |$)/.exec(text.slice(start)) ?? [];
  const words = window.split(new RegExp(pattern, 'gi'));
  return words.map((part, k) => {
    if (k % 2 === 0) return part;
    const mark = document.createElement('mark');
    mark.textContent = part;
    return mark;
  });
}

const literal = (word: string): string => word.replaceAll(/[^\p{L}\p{N}]/gu, '\\$&');

interface Parts {
  readonly input: HTMLInputElement;
  readonly results: HTMLElement;
}

function onKey(event: KeyboardEvent, { input, results }: Parts): void {
  const links = [...results.querySelectorAll('a')];
  const here = links.indexOf(document.activeElement as HTMLAnchorElement);
  if (event.key === 'Escape') {
    input.value = '';
    results.hidden = true;
    input.blur();
  } else if (event.key === 'Enter' && here < 0) links[0]?.click();
  else if (event.key === 'ArrowDown') links[Math.min(here + 1, links.length - 1)]?.focus();
  else if (event.key === 'ArrowUp') (links[here - 1] ?? input).focus();
  else return;
  if (event.key !== 'Enter') event.preventDefault();
}

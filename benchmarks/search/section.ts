// The part of a page that a benchmark writes: what stands between two comments that name it.

/** Throws where the page does not have both comments. */
export function replaceSection(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the page has no ${begin.trim()} before ${end}`);
  return `${page.slice(0, from + begin.length)}${text}${page.slice(to)}`;
}

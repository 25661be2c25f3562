// Beside the text: which of its parts one reads.
export function followPlaces(): void {
  const links = new Map(
    [...document.querySelectorAll<HTMLAnchorElement>('.places a')].map((link) => [
      decodeURIComponent(link.hash.slice(1)),
      link,
    ]),
  );
  const headings = [...links.keys()].flatMap((id) => document.getElementById(id) ?? []);
  let shown: HTMLAnchorElement | undefined;
  const follow = () => {
    // Below the bar, where a link to a heading puts it.
    const current = headings.findLast((heading) => heading.getBoundingClientRect().top < 80);
    const link = links.get(current?.id ?? '');
    if (link === shown) return;
    shown?.removeAttribute('aria-current');
    link?.setAttribute('aria-current', 'location');
    link?.scrollIntoView({ block: 'nearest' });
    shown = link;
  };
  addEventListener('scroll', follow, { passive: true });
  follow();
}

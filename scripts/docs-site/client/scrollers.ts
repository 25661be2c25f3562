// What is wider than the page scrolls; the keyboard must reach it then, and need not stop at the rest.
export function makeScrollersReachable(): void {
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries)
      if (target instanceof HTMLElement)
        target.tabIndex = target.scrollWidth > target.clientWidth ? 0 : -1;
  });
  for (const scroller of document.querySelectorAll('.scrolls')) observer.observe(scroller);
}

// The page's only script: shows an element's <title> at the pointer at once. Without it browsers show the same, later.
import { Markup } from './html.ts';

export const HOVER = new Markup(`
const tip = document.getElementById('tip');
for (const title of document.querySelectorAll('svg title')) {
  const shape = title.parentElement;
  shape.dataset.tip = title.textContent;
  shape.setAttribute('aria-label', title.textContent);
  shape.setAttribute('role', 'img');
  title.remove();
}
document.addEventListener('pointermove', (event) => {
  const shape = event.target.closest?.('[data-tip]');
  tip.hidden = !shape;
  if (!shape) return;
  tip.textContent = shape.dataset.tip;
  const left = Math.min(event.pageX + 14, document.documentElement.clientWidth - tip.offsetWidth - 8);
  tip.style.left = Math.max(8, left) + 'px';
  tip.style.top = event.pageY + 18 + 'px';
});
`);

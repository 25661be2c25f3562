// Light, dark, or as the system has it; the browser remembers.
const THEMES = ['system', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];
const KEY = 'bionas-theme';

const remembered = (): Theme =>
  THEMES.find((theme) => theme === localStorage.getItem(KEY)) ?? 'system';

export function applyTheme(): void {
  document.documentElement.dataset['theme'] = remembered();
}

export function createThemeSwitch(): HTMLElement {
  const select = document.createElement('select');
  select.className = 'theme';
  select.ariaLabel = 'Colours';
  select.append(...THEMES.map((theme) => new Option(theme)));
  select.value = remembered();
  select.addEventListener('change', () => {
    localStorage.setItem(KEY, select.value);
    applyTheme();
  });
  return select;
}

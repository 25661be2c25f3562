// Light, dark, or as the system has it; the browser remembers.
const THEMES = ['system', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];
const KEY = 'bionas-theme';

function remembered(): Theme {
  try {
    return THEMES.find((theme) => theme === localStorage.getItem(KEY)) ?? 'system';
  } catch {
    // Browsers may forbid it to pages from a disk.
    return 'system';
  }
}

export function applyTheme(theme: string = remembered()): void {
  document.documentElement.dataset['theme'] = theme;
}

export function createThemeSwitch(): HTMLElement {
  const select = document.createElement('select');
  select.className = 'theme';
  select.ariaLabel = 'Colours';
  select.append(...THEMES.map((theme) => new Option(theme)));
  select.value = remembered();
  select.addEventListener('change', () => {
    applyTheme(select.value);
    localStorage.setItem(KEY, select.value);
  });
  return select;
}

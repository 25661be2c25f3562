// The page's colours, for what is drawn on canvases.
import { useEffect, useState } from 'preact/hooks';

export type ColorName = 'ink' | 'muted' | 'line' | 'grid' | 'card' | 'accent' | 'final';

export const themeColor = (name: ColorName): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`);

/** Ramp of scores, worst to best: lightness alone tells, so that it reads with any kind of colour vision. */
export const RAMP = 8;
export const rampColor = (step: number): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--ramp-${step}`);

/** Grows whenever the colours change. */
export function useTheme(): number {
  const [theme, setTheme] = useState(0);
  useEffect(() => {
    const next = () => setTheme((k) => k + 1);
    const system = matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', next);
    addEventListener('bionas-theme', next);
    return () => {
      system.removeEventListener('change', next);
      removeEventListener('bionas-theme', next);
    };
  }, []);
  return theme;
}

/** Of a line: in the dark, dark colours are lightened, as network.css does. */
export const lightened = (color: string): string => `color-mix(in oklab, ${color} 75%, white)`;

export function isDark(): boolean {
  const { theme } = document.documentElement.dataset;
  return (
    theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  );
}

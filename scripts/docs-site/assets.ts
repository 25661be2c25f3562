// What pages load: one style sheet, one script, the index of the search, pictures.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { mathStyles } from './math.ts';

const SHEETS = [
  // The palette and the basics of the dashboard.
  '../../dashboard/style/theme.css',
  'style/frame.css',
  'style/text.css',
  'style/code.css',
];

/** In one, as they are. */
export async function styleSheet(pages: Iterable<string>): Promise<string> {
  const ours = SHEETS.map((path) => readFile(new URL(path, import.meta.url), 'utf8'));
  return [...(await Promise.all(ours)), await temmlStyles(), mathStyles(pages)].join('\n');
}

/** Temml's own, but for its font of script letters: equations are drawn by the fonts that are there. */
async function temmlStyles(): Promise<string> {
  const path = createRequire(import.meta.url).resolve('temml/dist/Temml-Local.css');
  return (await readFile(path, 'utf8')).replace(/@font-face \{[^}]*\}/, '');
}

/** The client as one script that runs from a disk too, where modules may not. */
export async function clientScript(): Promise<string> {
  // Not with the rest: reading pages needs no bundler.
  const { build } = await import('vite');
  const root = join(import.meta.dirname, 'client');
  const built = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    mode: 'production',
    build: {
      write: false,
      target: 'es2023',
      lib: { entry: 'main.ts', formats: ['iife'], name: 'bionasDocs', fileName: 'site' },
    },
  });
  const outputs = (Array.isArray(built) ? built : [built]).flatMap((each) =>
    'output' in each ? each.output : [],
  );
  const chunk = outputs.find((output) => output.type === 'chunk');
  if (chunk?.type !== 'chunk') throw new Error('vite built no script of scripts/docs-site/client');
  return chunk.code;
}

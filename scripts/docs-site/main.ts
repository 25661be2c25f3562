// make docs: the site of the documentation in dist/site, to be opened from the disk or served by anything.
// `main.ts --base /bionas/`: the path below which it is served, for the page that says that a page is not there.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildSite, openRepository, SiteError } from './index.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const OUT = join(ROOT, 'dist/site');

async function write(base: string): Promise<void> {
  const begun = performance.now();
  const files = await buildSite(openRepository(ROOT), base);
  await rm(OUT, { recursive: true, force: true });
  for (const [path, content] of files) {
    await mkdir(dirname(join(OUT, path)), { recursive: true });
    await writeFile(join(OUT, path), content);
  }
  const pages = [...files.keys()].filter((path) => path.endsWith('.html')).length;
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  console.log(`${pages} pages in ${seconds} s: open dist/site/index.html`);
}

const { base } = parseArgs({ options: { base: { type: 'string', default: '/' } } }).values;
try {
  await write(base);
} catch (error) {
  if (!(error instanceof SiteError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

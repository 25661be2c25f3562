// Compiles trainer/data/pixels/assembly by AssemblyScript into trainer/data/pixels/generated, as text that a module holds: images and
// threads load it like any other. A test compares.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

const PIXELS = fileURLToPath(new URL('../trainer/data/pixels/', import.meta.url));

/** The text of generated/wasm.ts. */
export async function pixelsModule(): Promise<string> {
  let binary: Uint8Array | undefined;
  const flags = ['-O3', '--runtime', 'stub', '--enable', 'simd', '--noAssert'];
  const { error, stderr } = await main(['index.ts', ...flags, '--outFile', 'pixels.wasm'], {
    readFile: (name) => sourceOf(name),
    writeFile: (_name, contents) => {
      if (typeof contents !== 'string') binary = contents;
    },
    listFiles: () => [],
  });
  if (error !== null || binary === undefined) throw new Error(`${stderr}`, { cause: error });
  const text = Buffer.from(binary).toString('base64');
  return `// By \`node scripts/write-pixels.ts\` from ../assembly.\nexport const WASM =\n  '${text}';\n`;
}

function sourceOf(name: string): string | null {
  const path = join(PIXELS, 'assembly', name);
  return basename(name) === name && existsSync(path) ? readFileSync(path, 'utf8') : null;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(join(PIXELS, 'generated/wasm.ts'), await pixelsModule());

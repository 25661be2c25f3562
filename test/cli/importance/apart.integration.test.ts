// The thread of importance, in a process of its own.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { makeFolder } from '../../builders/run-directory.ts';

const DOOR = new URL('../../../cli/importance/index.ts', import.meta.url);

/** Of 40 samples by one factor, which explains all of the target. */
const program = (then: string) => `
  import { factorOf, variancesApart } from ${JSON.stringify(DOOR)};
  const codes = Array.from({ length: 40 }, (_, i) => i % 2);
  const sample = { factors: [factorOf(codes, false)], targets: Float64Array.from(codes) };
  process.on('exit', () => console.log('ended'));
  ${then}`;

async function run(then: string): Promise<string> {
  const file = join(await makeFolder(), 'program.mjs');
  await writeFile(file, program(then));
  return (await promisify(execFile)(process.execPath, [file])).stdout;
}

test('tells what the forest does', async () => {
  const awake = 'const awake = setInterval(() => {}, 1_000);';
  const told = 'const [shares] = await variancesApart([sample], 1);';
  const out = await run(`${awake} ${told} clearInterval(awake); console.log(shares.length);`);
  expect(out).toBe('1\nended\n');
});

test('does not keep a process that has nothing else to do', async () => {
  expect(await run("variancesApart([sample], 1).then(() => console.log('told'));")).toBe('ended\n');
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const WRITER = fileURLToPath(new URL('./atomic-file-writer.ts', import.meta.url));

test('kill -9 at any moment leaves a whole file', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'atomic-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const path = join(directory, 'file');
  for (const ms of [1, 3, 7, 12, 20, 33]) {
    const child = spawn(process.execPath, [WRITER, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    await delay(ms);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const text = await readFile(path, 'utf8');
    expect(text).toHaveLength(2_000_000);
    expect(text === (text[0] ?? '').repeat(2_000_000)).toBe(true);
  }
});

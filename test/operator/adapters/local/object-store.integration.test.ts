// Kills a process that writes to an object store, at any moment, again and again: nothing acknowledged may be lost.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ObjectStore } from '../../../../operator/adapters/local/index.ts';
import {
  type KubernetesObject,
  type ObjectKind,
  silentLogger,
  systemClock,
} from '../../../../operator/runtime/index.ts';

const ENTRY: ObjectKind = {
  apiVersion: 'test.bionas.dev/v1',
  kind: 'Entry',
  plural: 'entries',
  namespaced: true,
};

type Line =
  | { name: string; version: string }
  | { deleting: string }
  | { deleted: string }
  | { opened: true };

/** Runs the writer for `ms` after it opened the store, kills it with SIGKILL, and returns what it acknowledged. */
async function writeUntilKilled(directory: string, life: number, ms: number): Promise<Line[]> {
  const script = join(import.meta.dirname, 'object-store-writer.ts');
  const child = spawn(process.execPath, [script, directory, String(life)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = new Promise<NodeJS.Signals | null>((resolve) =>
    child.once('close', (_, signal) => resolve(signal)),
  );
  let text = '';
  const opened = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk;
      resolve();
    });
  });
  await Promise.race([opened, closed]);
  await delay(ms);
  child.kill('SIGKILL');
  expect(await closed).toBe('SIGKILL');
  // The last line may be cut by the kill.
  const whole = text.slice(0, text.lastIndexOf('\n'));
  return whole.split('\n').map((line) => JSON.parse(line) as Line);
}

/** What must be there: the version of each object at least. `unsure`: its deletion had begun. */
function expected(lines: readonly Line[]) {
  const versions = new Map<string, number>();
  const deleted = new Set<string>();
  const unsure = new Set<string>();
  for (const line of lines) {
    if ('name' in line) versions.set(line.name, Number(line.version));
    else if ('deleting' in line) unsure.add(line.deleting);
    else if ('deleted' in line) deleted.add(line.deleted);
  }
  return { versions, deleted, unsure };
}

test('kill -9 at any moment loses no acknowledged write, and the next life goes on', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'object-store-kill-'));
  const lines: Line[] = [];
  for (const [life, ms] of [3, 17, 41, 90, 160, 250].entries()) {
    lines.push(...(await writeUntilKilled(directory, life, ms)));
    const store = await ObjectStore.open({
      directory,
      kinds: [{ kind: ENTRY, keep: 'disk' }],
      clock: systemClock,
      newUid: () => 'unused',
      logger: silentLogger,
    });
    const { items } = await store.of<KubernetesObject>(ENTRY).list();
    const found = new Map(items.map((o) => [o.metadata.name, Number(o.metadata.resourceVersion)]));
    const { versions, deleted, unsure } = expected(lines);
    for (const [name, version] of versions) {
      if (deleted.has(name)) expect(found.has(name), `${name} is deleted`).toBe(false);
      else if (!unsure.has(name)) expect(found.get(name), name).toBeGreaterThanOrEqual(version);
    }
    expect(new Set(found.values()).size).toBe(found.size);
  }
  expect(expected(lines).versions.size).toBeGreaterThan(10);
  expect(expected(lines).deleted.size).toBeGreaterThan(2);
  await rm(directory, { recursive: true });
});

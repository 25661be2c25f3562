// `bionas replay --nats` as a process, against the ledger on a real nats-server.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bionas } from '../../builders/command-line.ts';
import { makeSearchManifest } from '../../builders/manifest.ts';
import {
  appendAll,
  linkTo,
  makeLedger,
  startServer,
} from '../../operator/adapters/nats/nats-world.ts';
import { makeRoot, playedRecords, SPEC } from './played-run.ts';

async function replay(...args: string[]) {
  const { stdout, stderr, code } = await bionas('replay', ...args);
  return { out: `${stdout}${stderr}`, code };
}

const recordsOf = (search: string) =>
  playedRecords(6).map((record) => ({ ...record, search }) as never);

test('a search of a cluster is found by its name, or by its UID where there are two', async () => {
  const server = await startServer();
  const ledger = makeLedger(await linkTo(server));
  const manifest = join(await makeRoot(), 'night.json');
  await writeFile(manifest, JSON.stringify(makeSearchManifest(SPEC)));
  const args = ['--nats', server.url, '--manifest', manifest];
  await appendAll(ledger, 'one', recordsOf('one'));
  expect(await replay(...args)).toMatchObject({
    out: expect.stringMatching(/^search night \(one\): 6 proposals, .* all as recorded\n$/),
    code: 0,
  });
  await appendAll(ledger, 'two', recordsOf('two'));
  expect(await replay(...args)).toMatchObject({
    out: expect.stringContaining('found one, two; name one by --search'),
    code: 2,
  });
  expect(await replay(...args, '--search', 'two')).toMatchObject({ code: 0 });
});

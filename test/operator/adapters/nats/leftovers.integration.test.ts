// What searches leave on NATS can be listed and removed: history and bucket, of that search alone, whole or in part.
import { Objm } from '@nats-io/obj';
import { expect, test } from 'vitest';
import { bucketOf, type NatsLink } from '../../../../operator/adapters/nats/index.ts';
import {
  appendAll,
  linkTo,
  makeLedger,
  makeLeftovers,
  recordsIn,
  startServer,
} from './nats-world.ts';

async function keepFile(link: NatsLink, search: string): Promise<void> {
  const bucket = await new Objm(link.connection).create(bucketOf(search));
  await bucket.putBlob({ name: 'trial/checkpoint' }, new Uint8Array(300_000));
}

test('every search that keeps something is listed once', async () => {
  const link = await linkTo(await startServer());
  const leftovers = makeLeftovers(link);
  expect(await leftovers.searches()).toEqual([]);
  await makeLedger(link).append('records', 1, 0);
  await makeLedger(link).append('both', 1, 0);
  await keepFile(link, 'both');
  await keepFile(link, 'files');
  await new Objm(link.connection).create('somebody-elses');
  expect((await leftovers.searches()).toSorted()).toEqual(['both', 'files', 'records']);
});

test('a search is forgotten whole, and its neighbour keeps all', async () => {
  const link = await linkTo(await startServer());
  const ledger = makeLedger(link);
  const leftovers = makeLeftovers(link);
  for (const search of ['one', 'one-more']) {
    await appendAll(ledger, search, ['a', 'b']);
    await keepFile(link, search);
  }
  await leftovers.forget('one');
  expect(await leftovers.searches()).toEqual(['one-more']);
  expect(await recordsIn(ledger, 'one')).toEqual([]);
  expect(await recordsIn(ledger, 'one-more')).toEqual(['a', 'b']);
  expect(await ledger.append('one', 'anew', 0)).toBeGreaterThan(0);
});

test('forgetting what was never there, or is gone already, is fine', async () => {
  const link = await linkTo(await startServer());
  const leftovers = makeLeftovers(link);
  await leftovers.forget('never');
  await makeLedger(link).append('one', 1, 0);
  await leftovers.forget('one');
  await leftovers.forget('one');
  expect(await leftovers.searches()).toEqual([]);
});

test('with the server away forgetting rejects, and what is left is found when it is back', async () => {
  const server = await startServer();
  const link = await linkTo(server);
  await makeLedger(link).append('one', 1, 0);
  await keepFile(link, 'one');
  await server.kill();
  await expect(makeLeftovers(link).forget('one')).rejects.toThrow('lost');
  await server.restart();
  const leftovers = makeLeftovers(await linkTo(server));
  for (const search of await leftovers.searches()) await leftovers.forget(search);
  expect(await leftovers.searches()).toEqual([]);
});

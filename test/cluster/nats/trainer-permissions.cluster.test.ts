// What a trainer can do on NATS once it is in: report its trial and keep its files, by the code that trainers run; and what a
// hostile one cannot, by the server's word and by what is there afterwards.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { headers, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { metaSubject } from '../../../crds/index.ts';
import { prepareStreams } from '../../../operator/adapters/nats/index.ts';
import { openNats } from '../../../trainer/nats/index.ts';
import { makeResult } from '../../builders/objects.ts';
import { eventually } from '../../operator/runtime/eventually.ts';
import { type Access, TrainerWorld } from './trainer-world.ts';

let world: TrainerWorld;
/** Two trials of one search, and one of another. */
let own: Access;
let sibling: Access;
let stranger: Access;

beforeAll(async () => {
  world = await TrainerWorld.start();
  const night = await world.search('night', 3);
  const [day] = await world.search('day', 1);
  if (day === undefined) throw new Error('it runs');
  const accesses = await Promise.all([...night, day].map((pod) => world.accessOf(pod)));
  [own, sibling, , stranger] = accesses as [Access, Access, Access, Access];
  await prepareStreams(world.admin);
  // Its bucket is there from now on.
  await (await world.connect(stranger.token, stranger.trial)).close();
});
afterAll(() => world?.stop());

/** A trainer by its own code, on the token of a Pod. */
async function trainerOf(access: Access, attempt = 0) {
  const directory = await mkdtemp(join(tmpdir(), 'trainer-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const log: string[] = [];
  const { bus, keeper } = openNats({
    url: world.url,
    tokenFile: await world.fileOf(access.token),
    subject: access.subject,
    bucket: access.bucket,
    attempt,
    log: (line) => void log.push(line),
    signal: new AbortController().signal,
    patienceMs: 20_000,
  });
  return { bus, keeper: keeper(2), path: join(directory, 'checkpoint.safetensors'), log };
}

async function stateOf(stream: string) {
  const { streams } = await jetstreamManager(world.admin);
  const { state } = await streams.info(stream, { subjects_filter: '>' });
  return { last: state.last_seq, subjects: Object.keys(state.subjects ?? {}) };
}

/** Of others: streams that are not the attacker's to write, and files of its siblings in its bucket. */
async function othersState() {
  const streams = ['BIONAS_REPORTS', 'BIONAS_LEDGER', `OBJ_${stranger.bucket}`];
  const { subjects } = await stateOf(`OBJ_${own.bucket}`);
  const theirs = subjects.filter((subject) => subject.includes(sibling.trial));
  const lasts = streams.map(async (stream) => (await stateOf(stream)).last);
  return { lasts: await Promise.all(lasts), theirs };
}

test('a trainer reports, keeps its checkpoint, and the next Pod has it back', async () => {
  const { bus, keeper, path, log } = await trainerOf(own);
  await writeFile(path, Buffer.alloc(300_000, 7));
  expect(await keeper.keep(path)).toBe(`nats://${own.bucket}/${own.trial}/checkpoint.safetensors`);
  const next = await trainerOf(own, 1);
  await next.keeper.restore(next.path);
  expect((await readFile(next.path)).equals(await readFile(path))).toBe(true);
  const epoch = { epoch: 1, epochs: 2, step: 0, steps: 1 };
  const known = { trial: own.trial, attempt: 0 };
  await bus.send({ ...known, sequence: 0, body: { kind: 'progress', progress: epoch } });
  await bus.send({
    ...known,
    sequence: 1,
    body: { kind: 'failure', reason: 'TrainerFailed', message: 'so it goes' },
  });
  expect(log).toEqual([]);
  const trial = own.pod.replace(/-0$/, '');
  const trials = await eventually(async () => {
    const found = (await world.room.trials()).find(({ metadata }) => metadata.name === trial);
    expect(found?.status?.failure?.message).toBe('so it goes');
    return found;
  });
  expect(trials?.metadata.uid).toBe(own.trial);
});

/** Connects as the trial's Pod, and collects what the server refuses. */
async function hostile(access: Access): Promise<{ attacker: NatsConnection; refused: string[] }> {
  const attacker = await world.connect(access.token, access.trial);
  const refused: string[] = [];
  (async () => {
    for await (const status of attacker.status())
      if (status.type === 'error') refused.push(status.error.message);
  })().catch(() => {});
  return { attacker, refused };
}

describe('a hostile trainer cannot send', () => {
  const file = (access: Access) =>
    metaSubject({ bucket: access.bucket, trial: access.trial, file: 'checkpoint.safetensors' });

  test.each<[string, () => string]>([
    ['a report of its sibling', () => `${sibling.subject}.result`],
    ['a report of another search', () => `${stranger.subject}.result`],
    ["a file of its sibling's", () => file(sibling)],
    ["a chunk of its sibling's", () => `$O.${own.bucket}.C.${sibling.trial}.x.0.0`],
    ['a file of another search', () => file(stranger)],
    ["a read of its sibling's file", () => `$JS.API.DIRECT.GET.OBJ_${own.bucket}.${file(sibling)}`],
    ['a read of whatever is in the bucket', () => `$JS.API.DIRECT.GET.OBJ_${own.bucket}`],
    ['a read by a body', () => `$JS.API.STREAM.MSG.GET.OBJ_${own.bucket}`],
    ['a look at the stream', () => `$JS.API.STREAM.INFO.OBJ_${own.bucket}`],
    ['a list of streams', () => '$JS.API.STREAM.NAMES'],
    ['the making of a stream', () => '$JS.API.STREAM.CREATE.MINE'],
    ['a purge', () => `$JS.API.STREAM.PURGE.OBJ_${own.bucket}`],
    ['a deletion', () => '$JS.API.STREAM.DELETE.BIONAS_LEDGER'],
    ['a consumer', () => `$JS.API.CONSUMER.CREATE.OBJ_${own.bucket}.x.${file(own)}`],
    ['a record', () => `bionas-ledger.${own.bucket.replace('bionas_', '')}`],
    ['a question of auth callout', () => '$SYS.REQ.USER.AUTH'],
  ])('%s', async (_, subject) => {
    const { attacker, refused } = await hostile(own);
    attacker.publish(subject(), 'x');
    await attacker.flush();
    await eventually(() => expect(refused.join()).toContain('Permissions Violation'));
  });
});

describe('a hostile trainer cannot hear', () => {
  test.each<[string, () => string]>([
    ['everything', () => '>'],
    ['its sibling', () => `${sibling.subject}.>`],
    ['all reports', () => 'bionas.>'],
    ['answers to its sibling', () => `_INBOX_${sibling.trial}.>`],
    ['all answers', () => '_INBOX.>'],
    ['files', () => `$O.${own.bucket}.>`],
  ])('%s', async (_, subject) => {
    const { attacker, refused } = await hostile(own);
    const heard: Msg[] = [];
    attacker.subscribe(subject(), { callback: (_error, message) => void heard.push(message) });
    await attacker.flush();
    await eventually(() => expect(refused.join()).toContain('Permissions Violation'));
    world.admin.publish(`${sibling.subject}.progress`, 'x');
    await world.admin.flush();
    expect(heard.filter(({ data }) => data?.length > 0)).toEqual([]);
  });
});

describe('answers go back to whoever asked, and no further, wherever they are aimed:', () => {
  const mine = () =>
    metaSubject({ bucket: own.bucket, trial: own.trial, file: 'checkpoint.safetensors' });
  const read = () => `$JS.API.DIRECT.GET.OBJ_${own.bucket}.${mine()}`;
  const chunk = () => `$O.${own.bucket}.C.${own.trial}.x.0.0`;

  test.each<[string, () => string, () => string]>([
    ["an acknowledgement at a sibling's reports", chunk, () => `${sibling.subject}.result`],
    [
      'an acknowledgement at the ledger',
      chunk,
      () => `bionas-ledger.${own.bucket.replace('bionas_', '')}`,
    ],
    ['an acknowledgement at a purge', chunk, () => `$JS.API.STREAM.PURGE.OBJ_${stranger.bucket}`],
    [
      "an acknowledgement at a sibling's file",
      chunk,
      () => `$O.${own.bucket}.C.${sibling.trial}.x.0.0`,
    ],
    ["what it stored at a sibling's reports", read, () => `${sibling.subject}.result`],
    ["what it stored at a stranger's reports", read, () => `${stranger.subject}.result`],
    ["what it stored at a sibling's file", read, () => `$O.${own.bucket}.C.${sibling.trial}.y.0.0`],
    ['what it stored at the end of a stream', read, () => '$JS.API.STREAM.DELETE.BIONAS_LEDGER'],
  ])('%s', async (_, sent, aimed) => {
    const { attacker, refused } = await hostile(own);
    // What it stores is empty: as a command, that would do.
    attacker.publish(mine(), '');
    attacker.publish(chunk(), '');
    await attacker.flush();
    await eventually(async () =>
      expect((await stateOf(`OBJ_${own.bucket}`)).subjects).toContain(chunk()),
    );
    const before = await othersState();
    attacker.publish(sent(), '', { reply: aimed() });
    // By the answer to this one, the other was answered too.
    await attacker.request(read());
    expect(await othersState()).toEqual(before);
    expect(refused).toEqual([]);
  });

  test('what it asks for comes to itself', async () => {
    const { attacker } = await hostile(own);
    const inbox = `_INBOX_${own.trial}.here`;
    const heard: string[] = [];
    attacker.subscribe(inbox, {
      callback: (_error, { data }) => void heard.push(`${Buffer.from(data)}`),
    });
    attacker.publish(chunk(), '', { reply: inbox });
    await eventually(() => expect(heard.join()).toContain(`"stream":"OBJ_${own.bucket}"`));
  });
});

test('a roll-up of the whole bucket is refused, so siblings keep their files', async () => {
  const { keeper, path } = await trainerOf(sibling);
  await writeFile(path, 'its work');
  await keeper.keep(path);
  const before = (await stateOf(`OBJ_${own.bucket}`)).subjects;
  const { attacker } = await hostile(own);
  const all = headers();
  all.set('Nats-Rollup', 'all');
  const answer = await attacker.request(`$O.${own.bucket}.C.${own.trial}.x.0.1`, '', {
    headers: all,
    timeout: 5_000,
  });
  expect(answer.string()).toContain('error');
  expect((await stateOf(`OBJ_${own.bucket}`)).subjects).toEqual(before);
});

test('a lie about its own trial is dropped like any, and its sibling succeeds', async () => {
  const { attacker } = await hostile(own);
  attacker.publish(`${own.subject}.result`, JSON.stringify({ trial: sibling.trial, lie: true }));
  const { bus } = await trainerOf(sibling);
  const body = { kind: 'result', result: makeResult() } as const;
  await bus.send({ trial: sibling.trial, attempt: 0, sequence: 0, body });
  await eventually(async () => {
    const { status } = await world.room.search('night');
    expect(status?.trials.succeeded).toBe(1);
  });
});

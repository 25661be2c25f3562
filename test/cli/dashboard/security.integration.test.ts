// What the server refuses: other names, other pages, edits without the token, and files that are not the trial's own.
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type FoundSearch, localPlace } from '../../../cli/place/index.ts';
import { events, serveDashboard } from '../../builders/dashboard.ts';
import { leaveNight } from '../../builders/night-run.ts';
import { makeRecord, makeSearch } from '../../builders/search-result.ts';
import { verbIo } from '../../builders/verbs.ts';

const NIGHT = '/api/searches/default/night';
const TRIAL = `${NIGHT}/trials/night-0000`;

/** A night whose first trial says that its files are at the given places. */
async function leaveFiles(artifacts: Record<string, string>): Promise<string> {
  const record = makeRecord(0);
  const { result } = record;
  if (result === undefined) throw new Error('a trained record has a result');
  const folder = await leaveNight({
    records: [{ ...record, result: { ...result, artifacts } }],
  });
  const directory = join(folder, 'runs', 'night', 'trials', 'night-0000');
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'model.onnx'), 'a model');
  await writeFile(join(folder, 'secret'), 'a secret');
  await symlink(join(folder, 'secret'), join(directory, 'link.onnx'));
  return folder;
}

test('files of the trial are sent to be saved, others are not there', async () => {
  const folder = await leaveFiles({});
  const night = join(folder, 'runs', 'night');
  const at = (name: string) => join(night, 'trials', 'night-0000', name);
  const artifacts = {
    'model.onnx': at('model.onnx'),
    'link.onnx': at('link.onnx'),
    'up.onnx': `${night}/trials/../../../secret`,
    'absolute.onnx': join(folder, 'secret'),
    'relative.onnx': 'trials/night-0000/../../../../secret',
    'directory.onnx': night,
    'gone.onnx': at('gone.onnx'),
  };
  const { get } = await serveDashboard(await leaveSame(folder, artifacts));
  const { json } = await get(TRIAL);
  expect(json.files).toEqual([
    { name: 'genotype.json', bytes: expect.any(Number) },
    { name: 'model.onnx', bytes: 7 },
  ]);
  const model = await get(`${TRIAL}/files/model.onnx`);
  expect(model.text).toBe('a model');
  expect(model.headers).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-disposition': 'attachment; filename="night-0000-model.onnx"',
  });
  for (const name of Object.keys(artifacts).slice(1))
    expect(await get(`${TRIAL}/files/${name}`)).toMatchObject({ status: 404 });
});

/** Its ledger written anew with these artifacts. */
async function leaveSame(folder: string, artifacts: Record<string, string>): Promise<string> {
  const record = makeRecord(0);
  const said = {
    search: 'search-uid',
    record: { ...record, result: { ...record.result, artifacts } },
  };
  await writeFile(join(folder, 'runs', 'night', 'ledger.jsonl'), `${JSON.stringify(said)}\n`);
  return folder;
}

test.each([
  '/../../../../etc/passwd',
  '/assets/..%2f..%2f..%2fpackage.json',
  '/%2e%2e/%2e%2e/package.json',
  `${TRIAL}/files/..%2f..%2f..%2fledger.jsonl`,
  `${TRIAL}/files/%2e%2e`,
  `${TRIAL}/files/ledger.jsonl`,
  `${NIGHT}/trials/..%2fnight-0000`,
  '/api/searches/default/..%2fnight',
  '/api/searches/..%2fdefault/night',
  `${TRIAL}/log?attempt=../0`,
])('no path leads out: %s', async (path) => {
  const { get } = await serveDashboard(await leaveNight({ logs: { 'night-0000-0': 'a log' } }));
  const { status, text } = await get(path);
  expect([400, 404]).toContain(status);
  expect(text).not.toMatch(/root:|"dependencies"|search-uid/);
});

test('another name that leads here is not answered, unless it was allowed', async () => {
  const { get } = await serveDashboard(await leaveNight(), { hosts: ['nas.example.org'] });
  expect(await get('/api/searches', { host: 'evil.example' })).toMatchObject({ status: 421 });
  expect(await get('/', { host: 'evil.example' })).toMatchObject({ status: 421 });
  expect(await get('/api/searches', { host: 'nas.example.org' })).toMatchObject({ status: 200 });
});

const JSON_TYPE = { 'content-type': 'application/json' };
const TOKEN = { ...JSON_TYPE, authorization: 'Bearer the-token' };

test('without --allow-edits nothing is edited, whoever asks', async () => {
  const { get, patch } = await serveDashboard(await leaveNight());
  expect((await get(NIGHT)).json).toMatchObject({ editable: false });
  const { status, json } = await patch(NIGHT, { suspend: true }, TOKEN);
  expect([status, json.error]).toEqual([
    403,
    'this dashboard only shows: edits need --allow-edits',
  ]);
});

test('with the token of the address the search is edited, and says so', async () => {
  const folder = await leaveNight();
  const { get, patch } = await serveDashboard(folder, { token: 'the-token' });
  expect((await get(NIGHT)).json).toMatchObject({ editable: true, token: 'address' });
  const { status, json } = await patch(NIGHT, { suspend: true, budget: { trials: 90 } }, TOKEN);
  expect([status, json.object.spec.suspend, json.budget.trials]).toEqual([200, true, 90]);
  const again = await patch(NIGHT, { suspend: false, budget: { wallClock: '2h' } }, TOKEN);
  expect(again.json.object.spec).toMatchObject({
    suspend: false,
    budget: { trials: 90, wallClock: '2h' },
  });
  const none = await patch(NIGHT, { budget: { wallClock: null, gpuHours: 0 } }, TOKEN);
  expect(none.json.object.spec.budget).not.toHaveProperty('wallClock');
});

test('the answer to an edit is what it has made of the search, though a look was under way', async () => {
  const folder = await leaveNight();
  const local = localPlace(verbIo(folder, { out: [], err: [] }));
  let hold: Promise<void> | undefined;
  let held = () => {};
  const slow = (found: FoundSearch): FoundSearch => ({
    ...found,
    async again() {
      const read = await found.again();
      if (hold !== undefined) held();
      await hold;
      return slow(read);
    },
    async edit(edit) {
      const go = Promise.withResolvers<void>();
      const underWay = new Promise<void>((resolve) => {
        held = resolve;
      });
      hold = go.promise;
      // Of one who listens.
      await underWay;
      const edited = await found.edit(edit);
      hold = undefined;
      go.resolve();
      return edited;
    },
  });
  const place = { kind: local.kind, searches: async () => (await local.searches()).map(slow) };
  const { url, patch } = await serveDashboard(folder, { place, token: 'the-token' });
  const stop = new AbortController();
  const listener = events(`${url}${NIGHT}/events`, stop);
  await listener.next();
  const { json } = await patch(NIGHT, { suspend: true }, TOKEN);
  expect(json.object.spec.suspend).toBe(true);
  stop.abort();
});

test.each([
  ['no token', JSON_TYPE, 401],
  ['another token', { ...JSON_TYPE, authorization: 'Bearer the-tokem' }, 403],
  ['another page of this browser', { ...TOKEN, origin: 'http://evil.example' }, 403],
  ['another site by the browser', { ...TOKEN, 'sec-fetch-site': 'cross-site' }, 403],
  ['a form', { ...TOKEN, 'content-type': 'text/plain' }, 415],
  ['a name that leads here', { ...TOKEN, host: 'evil.example' }, 421],
])('an edit with %s changes nothing', async (_, headers, status) => {
  const { get, patch } = await serveDashboard(await leaveNight(), { token: 'the-token' });
  expect((await patch(NIGHT, { suspend: true }, headers)).status).toBe(status);
  expect((await get(NIGHT)).json.object.spec.suspend).toBe(false);
});

test.each([
  [{ suspend: 'yes' }, 422, /suspend/],
  [{ seed: 7 }, 422, /seed/],
  [{ budget: { trials: 0 } }, 422, /budget.trials/],
  [{ budget: { wallClock: 'long' } }, 422, /budget.wallClock/],
  [{ budget: { trials: 1 } }, 422, /parallelism|topK|trials/],
])('an edit to %j is refused with the reason', async (edit, status, message) => {
  const search = makeSearch({ phase: 'Searching' }, { parallelism: 2 });
  const { patch } = await serveDashboard(await leaveNight({ search }), { token: 'the-token' });
  const answer = await patch(NIGHT, edit, TOKEN);
  expect(answer.status).toBe(status);
  expect(answer.json.error).toMatch(message);
});

const BLANKS = ' '.repeat(16_384);

test.each([
  ['says its length', {}],
  ['is sent in pieces', { 'transfer-encoding': 'chunked' }],
])('an edit that %s is not read beyond what one needs', async (_, headers) => {
  const { patch } = await serveDashboard(await leaveNight(), { token: 'the-token' });
  const small = await patch(NIGHT, { suspend: true }, { ...TOKEN, ...headers });
  expect([small.status, small.json.object.spec.suspend]).toEqual([200, true]);
  const large = await patch(NIGHT, { suspend: false, BLANKS }, { ...JSON_TYPE, ...headers });
  expect(large.status).toBe(413);
  expect(large.json.error).toBe('expected an edit of at most 16384 bytes');
});

test('all answers carry the policy by which the page may do what it needs and no more', async () => {
  const { get } = await serveDashboard(await leaveNight());
  for (const path of ['/', '/api/searches', '/api/nothing']) {
    const { headers } = await get(path);
    const policy = String(headers['content-security-policy']);
    expect(policy).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(policy).not.toMatch(/unsafe|data:|\*/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  }
});

test('what nobody would read is not opened', async () => {
  const { url } = await serveDashboard(await leaveNight());
  const head = (path: string) => fetch(url + path, { method: 'HEAD' });
  expect((await head(`${NIGHT}/events`)).status).toBe(405);
  expect((await head('/healthz')).status).toBe(200);
});

test('the token of a run is in no answer', async () => {
  const folder = await leaveNight();
  const { get } = await serveDashboard(folder, { token: 'the-token' });
  for (const path of ['/', '/api/searches', NIGHT, `${NIGHT}/trials`, TRIAL])
    expect((await get(path)).text).not.toContain('the-token');
});

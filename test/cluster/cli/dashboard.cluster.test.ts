// The dashboard on a real API server, as the chart has it run: its flags, under a ServiceAccount with its rights and no others. Edits
// are made by the right of whoever asks.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { SearchChange } from '../../../dashboard/api.ts';
import { connectInBackground } from '../../../trainer/nats/connection.ts';
import { events } from '../../builders/dashboard.ts';
import { makeRecord } from '../../builders/search-result.ts';
import { one, type Rendered, realHelm, render } from '../../charts/rendered.ts';
import { eventually } from '../../operator/runtime/eventually.ts';
import { kubeconfigWith, sharedCluster } from '../harness/index.ts';
import { type SearchRoom, TEMPLATE } from '../search/search-room.ts';
import { type StaffedRoom, staffRoom } from '../search/staffed-room.ts';
import { LogServer } from './log-server.ts';

const { kubeconfig, kubectl, natsUrl, token: admin } = sharedCluster();
const helm = await realHelm(kubeconfig);
const MAIN = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url));
const TRIALS = 6;
let staffed: StaffedRoom;
let room: SearchRoom;
let nodes: LogServer;
let trainMs = 50;

beforeAll(async () => {
  if (helm === undefined) return;
  staffed = await staffRoom({ trainMs: () => trainMs });
  ({ room } = staffed);
  nodes = await LogServer.start(kubectl, 'dashboard-node');
  const trialTemplate = {
    ...TEMPLATE,
    spec: { ...TEMPLATE.spec, nodeSelector: { 'kubernetes.io/hostname': nodes.node } },
  };
  await room.apply({ name: 'night', trials: TRIALS, keep: 3, spec: { trialTemplate } });
  const objects = await rendered();
  // Beside the search, where the release would have them in its own namespace.
  for (const kind of ['ServiceAccount', 'Role', 'RoleBinding'])
    await room.kubectl(['create', '-f', '-'], here(one(objects, kind, 'bionas-dashboard')));
  await room.ended('night');
});

afterAll(async () => {
  await nodes?.[Symbol.asyncDispose]();
  await staffed?.[Symbol.asyncDispose]();
});

const rendered = async (): Promise<Rendered[]> => {
  if (helm === undefined) return [];
  const dashboard = { enabled: true, allowEdits: true };
  return render(helm, { watchNamespace: room.namespace, dashboard });
};

function here({ metadata, subjects, ...object }: Rendered) {
  const bound = subjects?.map((subject: object) => ({ ...subject, namespace: room.namespace }));
  return {
    ...object,
    metadata: { ...metadata, namespace: room.namespace },
    ...(bound === undefined ? {} : { subjects: bound }),
  };
}

/** A process as the Deployment says, at a free port of this machine; gives where. */
async function startAsInstalled(...more: string[]): Promise<string> {
  const { spec } = one(await rendered(), 'Deployment', 'bionas-dashboard');
  const { args } = spec.template.spec.containers[0];
  const flags = [...args, ...more].map((flag: string) =>
    flag.replace(/^--host=.*/, '--host=127.0.0.1').replace(/^--port=.*/, '--port=0'),
  );
  const token = await tokenOf('bionas-dashboard');
  const KUBECONFIG = await kubeconfigWith(kubeconfig, [[admin, token]]);
  const program = spawn(process.execPath, [MAIN, ...flags], {
    env: { ...process.env, KUBECONFIG },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => ended(program));
  const exit = once(program, 'exit').then(([code]) => [`it ended with ${code}`]);
  const [line] = await Promise.race([
    once(createInterface({ input: program.stdout }), 'line'),
    exit,
  ]);
  const url = /http:\/\/\S+/.exec(line)?.[0];
  if (url === undefined) throw new Error(`expected the address of the dashboard: ${line}`);
  return url.replace(/\/$/, '');
}

async function ended(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null) return;
  const exit = once(program, 'exit');
  program.kill('SIGTERM');
  expect((await exit)[0]).toBe(0);
}

const tokenOf = async (account: string): Promise<string> =>
  (await room.kubectl(['create', 'token', account])).trim();

/** Who may not, and what to do. */
const REFUSED = /forbidden: User .* cannot patch .*; whoever the token is of needs to patch/;

const path = (of = ''): string => `/api/searches/${room.namespace}/night${of}`;

// biome-ignore lint/suspicious/noExplicitAny: what a test expects of it is what it is
const json = async (response: Response): Promise<any> => response.json();

async function get(url: string) {
  const response = await fetch(url);
  return { status: response.status, json: await json(response) };
}

const edit = (url: string, body: unknown, token: string) =>
  fetch(url, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });

describe.skipIf(helm === undefined)('the dashboard of the chart', () => {
  test('shows what the API server has, with rights to read and no others', async () => {
    const url = await startAsInstalled();
    const { json: list } = await get(`${url}/api/searches`);
    expect(list.searches).toMatchObject([
      { namespace: room.namespace, name: 'night', phase: 'Completed', trials: { succeeded: 6 } },
    ]);
    const { json: view } = await get(url + path());
    expect(view.object).toEqual(JSON.parse(JSON.stringify(await room.search('night'))));
    expect(view).toMatchObject({ editable: true, token: 'caller' });
    const objects = await room.trials('night');
    const { json: table } = await get(`${url}${path('/trials')}`);
    for (const { metadata, spec, status } of objects)
      expect(table.trials).toContainEqual(
        expect.objectContaining({
          name: metadata.name,
          index: spec.index,
          accuracy: status?.result?.metrics.accuracy,
          deviceSeconds: status?.deviceSeconds,
        }),
      );
    const name = objects.at(-1)!.metadata.name;
    const { json: trial } = await get(`${url}${path(`/trials/${name}`)}`);
    expect(trial).toMatchObject({
      attempts: [
        { attempt: 0, pod: `${name}-0`, phase: 'Succeeded', node: nodes.node, hasLog: true },
      ],
      diagrams: [{ kind: 'cell' }],
      files: [{ name: 'genotype.json' }],
    });
    expect(trial.yaml).toContain(`name: ${name}`);
    const log = await fetch(`${url}${path(`/trials/${name}/log`)}`);
    expect(await log.text()).toBe(`${room.namespace}/${name}-0/trainer has spoken\n`);

    const account = `--as=system:serviceaccount:${room.namespace}:bionas-dashboard`;
    const may = async (...asked: string[]) =>
      room.kubectl(['auth', 'can-i', ...asked, account]).then(
        (said) => said.trim(),
        () => 'no',
      );
    expect(await may('list', 'trials.bionas.dev')).toBe('yes');
    for (const verb of ['patch', 'update', 'delete', 'create'])
      for (const kind of ['bionassearches.bionas.dev', 'trials.bionas.dev', 'pods'])
        expect(await may(verb, kind), `${verb} ${kind}`).toBe('no');
    expect(await may('get', 'secrets')).toBe('no');
  });

  test('shows all trials where it may read the ledger, and each as it ends', async () => {
    const url = await startAsInstalled(`--nats=${natsUrl}`);
    const { json: table } = await get(`${url}${path('/trials')}`);
    expect(table.trials.map(({ index }: { index: number }) => index)).toEqual([0, 1, 2, 3, 4, 5]);

    trainMs = 300;
    await room.apply({ name: 'day', trials: 3 });
    const stop = new AbortController();
    const day = `/api/searches/${room.namespace}/day`;
    await eventually(async () => expect((await get(url + day)).status).toBe(200));
    const told = new Map<string, string>();
    let last: SearchChange | undefined;
    for await (const { data } of events(`${url}${day}/events?after=1`, stop)) {
      last = data as SearchChange;
      if (last.reset)
        for (const row of (await get(`${url}${day}/trials`)).json.trials)
          told.set(row.name, row.state);
      for (const { name, state } of last.trials) told.set(name, state);
      if (last.search.phase === 'Completed' && told.size === 3) break;
    }
    stop.abort();
    expect([...told.values()]).toEqual(['Trained', 'Trained', 'Trained']);
  });

  test('has curves of trials that train, where it may listen', async () => {
    trainMs = 120_000;
    onTestFinished(async () => {
      trainMs = 50;
      await room.kubectl(['delete', 'bionassearch', 'slow', '--ignore-not-found']);
    });
    await room.apply({ name: 'slow', trials: 2 });
    const url = await startAsInstalled(`--nats=${natsUrl}`);
    const slow = `${url}/api/searches/${room.namespace}/slow`;
    const trainer = await connectInBackground({
      url: natsUrl,
      name: 'a trainer',
      inboxPrefix: '_INBOX',
      log: () => {},
    });
    onTestFinished(() => trainer.close());
    const [metrics] = makeRecord(0).result?.epochs ?? [];
    const progress = { epoch: 1, epochs: 2, step: 0, steps: 10 };
    await eventually(async () => {
      const [trial] = await room.trials('slow');
      const { name, uid } = trial!.metadata;
      // What nobody listens to yet is gone: it is told until somebody does.
      const report = {
        trial: uid,
        attempt: 0,
        sequence: 1,
        body: { kind: 'epoch', metrics, progress },
      };
      trainer.publish(`bionas.${room.namespace}.slow.${uid}.epoch`, JSON.stringify(report));
      const { json: table } = await get(`${slow}/trials`);
      const row = table.trials.find((each: { name: string }) => each.name === name);
      expect(row.curve).toHaveLength(1);
    });
  });

  test('edits by the right of whoever asks, and not by its own', async () => {
    await room.apply({ name: 'held', trials: 3, spec: { suspend: true } });
    const url = await startAsInstalled();
    const held = `${url}/api/searches/${room.namespace}/held`;
    for (const account of ['viewer', 'editor'])
      await room.kubectl(['create', 'serviceaccount', account]);
    const may = ['--verb=get,patch', '--resource=bionassearches.bionas.dev'];
    await room.kubectl(['create', 'role', 'editor', ...may]);
    const editor = `--serviceaccount=${room.namespace}:editor`;
    await room.kubectl(['create', 'rolebinding', 'editor', '--role=editor', editor]);

    for (const [account, status] of [
      ['viewer', 403],
      ['bionas-dashboard', 403],
    ] as const) {
      const refused = await edit(held, { budget: { trials: 5 } }, await tokenOf(account));
      expect([account, refused.status]).toEqual([account, status]);
      expect((await json(refused)).error).toMatch(REFUSED);
    }
    const unknown = await edit(held, { budget: { trials: 5 } }, 'no-token');
    expect(unknown.status).toBe(401);
    expect((await json(unknown)).error).toMatch(/the token is not taken, or has run out/);
    expect((await room.search('held')).spec.budget.trials).toBe(3);

    const taken = await edit(held, { budget: { trials: 5 } }, await tokenOf('editor'));
    expect(taken.status).toBe(200);
    expect((await json(taken)).object.spec.budget.trials).toBe(5);
    expect((await room.search('held')).spec.budget.trials).toBe(5);
    const wrong = await edit(held, { budget: { wallClock: '0s' } }, await tokenOf('editor'));
    expect(wrong.status).toBe(422);
    expect((await json(wrong)).error).toMatch(/wallClock is longer than nothing/);
  });
});

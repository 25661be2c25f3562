// The kubelet with real processes: how pods run, end, and wait for a slot.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Container } from '../../../../operator/adapters/local/index.ts';
import { eventually } from '../../runtime/eventually.ts';
import { FOREVER, isAlive, LocalNode, POLITE } from './local-node.ts';

let started: LocalNode[] = [];
afterEach(async () => {
  for (const node of started) await node[Symbol.asyncDispose]();
  started = [];
});

async function start(options: Parameters<typeof LocalNode.start>[0] = {}): Promise<LocalNode> {
  const node = await LocalNode.start(options);
  started.push(node);
  return node;
}

describe('a pod', () => {
  test('runs its command with its environment, in its directory, into its log, and succeeds', async () => {
    const node = await start();
    const workingDir = join(node.directory, 'work');
    await mkdir(workingDir);
    const script =
      'console.log(process.env.BASE, process.env.OWN, process.cwd(), process.argv[1]); console.error("to stderr")';
    const env = [{ name: 'OWN', value: 'from the pod' }];
    await node.run('a', script, { workingDir, env, args: ['argument'] });
    expect(await node.endOf('a')).toMatchObject({
      phase: 'Succeeded',
      exitCode: 0,
      reason: 'Completed',
    });
    expect(await node.log('a')).toBe(
      `from the kubelet from the pod ${workingDir} argument\nto stderr\n`,
    );
  });

  test('is Running meanwhile, with the times of its start', async () => {
    const node = await start();
    await node.run('a', FOREVER);
    await node.expectPhase('a', 'Running');
    const { status } = await node.get('a');
    const startedAt = status?.containerStatuses?.[0]?.state.running?.startedAt;
    expect(Date.parse(startedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(status?.startTime ?? ''));
  });

  test('has said all it said to the subject that it names before its end is told', async () => {
    const node = await start();
    const { resourceVersion } = await node.pods.list();
    const script = 'for (let i = 0; i < 200; i += 1) process.send({ i, text: "x".repeat(5000) });';
    await node.run('a', script);
    const { signal } = new AbortController();
    for await (const event of node.pods.watch({ resourceVersion, signal })) {
      if (event.type !== 'BOOKMARK' && event.object.status?.phase === 'Succeeded') break;
    }
    const said: unknown[] = [];
    expect(node.bus.size).toBe(200);
    for await (const delivery of node.bus.subscribe('reports.a', signal)) {
      said.push(delivery.data);
      delivery.ack();
      if (node.bus.size === 0) break;
    }
    expect(said.at(-1)).toMatchObject({ i: 199 });
  });

  test.each<{ how: string; script: string; want: object }>([
    {
      how: 'exits with a code',
      script: 'process.exit(75)',
      want: { phase: 'Failed', exitCode: 75, reason: 'Error' },
    },
    {
      how: 'is killed by somebody',
      script: 'process.kill(process.pid, "SIGKILL")',
      want: { phase: 'Failed', exitCode: 137, signal: 9, reason: 'Error' },
    },
    {
      how: 'aborts',
      script: 'process.abort()',
      want: { phase: 'Failed', exitCode: 134, signal: 6, reason: 'Error' },
    },
  ])('that $how says so', async ({ script, want }) => {
    const node = await start();
    await node.run('a', script);
    expect(await node.endOf('a')).toMatchObject(want);
  });

  test('that is killed while the kernel counts a kill for memory is OOMKilled', async () => {
    const node = await start();
    await node.run('a', FOREVER);
    const pid = await node.pidOf('a');
    node.oomKills += 1;
    process.kill(pid, 'SIGKILL');
    expect(await node.endOf('a')).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
  });

  test.each<{ why: string; container: Partial<Container>; message: string }>([
    { why: 'the command is not there', container: { command: ['/nope'] }, message: 'ENOENT' },
    { why: 'the directory is not there', container: { workingDir: '/nope' }, message: '/nope' },
    { why: 'it has no command', container: { command: undefined }, message: 'expected a command' },
  ])(
    'that cannot start because $why fails with StartError and frees its slot',
    async ({ container, message }) => {
      const node = await start({ slots: 1 });
      await node.run('a', '', container);
      const end = await node.endOf('a');
      expect(end).toMatchObject({ phase: 'Failed', exitCode: 128, reason: 'StartError' });
      expect(end.message).toContain(message);
      await node.run('b', '');
      await node.expectPhase('b', 'Succeeded');
    },
  );

  test('takes what it started along when it ends', async () => {
    const node = await start();
    const grandchild =
      'const command = [process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" }];' +
      'const child = require("child_process").spawn(...command); console.log(child.pid); child.unref();';
    await node.run('a', grandchild);
    await node.endOf('a');
    const pid = await node.pidOf('a');
    await eventually(() => expect(isAlive(pid)).toBe(false));
  });
});

describe('slots', () => {
  test('are taken in the order of creation; the others stay Pending', async () => {
    const node = await start({ slots: 2 });
    for (const name of ['d', 'c', 'b', 'a']) await node.run(name, POLITE);
    for (const name of ['d', 'c']) await node.expectPhase(name, 'Running');
    expect([await node.phase('b'), await node.phase('a')]).toEqual(['Pending', 'Pending']);
    await node.pidOf('d');
    await node.remove('d');
    await node.expectPhase('b', 'Running');
    expect(await node.phase('a')).toBe('Pending');
  });

  test('are for groups as a whole: all of one run, or none', async () => {
    const node = await start({ slots: 1 });
    const script = `console.log(process.env.PEERS); ${POLITE}`;
    await node.run('pair-a', script);
    await node.run('pair2-a', script);
    await node.run('pair2-b', script);
    for (const name of ['pair2-a', 'pair2-b']) await node.expectPhase(name, 'Running');
    await node.run('pair-b', script);
    for (const name of ['pair2-a', 'pair2-b']) await node.pidOf(name);
    expect([await node.phase('pair-a'), await node.phase('pair-b')]).toEqual([
      'Pending',
      'Pending',
    ]);
    const peers = (await node.log('pair2-a')).split('\n')[0];
    expect(peers).toMatch(/^127\.0\.0\.1:\d+,127\.0\.0\.1:\d+$/);
    expect((await node.log('pair2-b')).split('\n')[0]).toBe(peers);
    await node.remove('pair2-a');
    await node.expectGone('pair2-a');
    expect(await node.phase('pair-a')).toBe('Pending');
    await node.remove('pair2-b');
    for (const name of ['pair-a', 'pair-b']) await node.expectPhase(name, 'Running');
  });

  test.each([0, 50])('run many short pods, each once, with watches %i ms late', async (lagMs) => {
    const node = await start({ slots: 2, lagMs });
    const names = Array.from({ length: 6 }, (_, i) => `p${i}`);
    for (const name of names) await node.run(name, 'console.log("once")');
    for (const name of names) await node.expectPhase(name, 'Succeeded');
    await node.stop();
    for (const name of names) expect(await node.log(name)).toBe('once\n');
  });
});

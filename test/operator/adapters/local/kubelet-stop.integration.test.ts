// The kubelet with real processes: how deleted pods end, and what is left when the kubelet stops.
import { afterEach, describe, expect, test } from 'vitest';
import { NotFoundError } from '../../../../operator/runtime/index.ts';
import { eventually } from '../../runtime/eventually.ts';
import { FOREVER, isAlive, LocalNode, POLITE, STUBBORN } from './local-node.ts';

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

describe('a deleted pod', () => {
  test('gets SIGTERM, stays until its process has ended, and is gone then', async () => {
    const node = await start();
    const slow = POLITE.replace('process.exit(75)', 'setTimeout(() => process.exit(75), 300)');
    await node.run('a', slow);
    const pid = await node.pidOf('a');
    await node.remove('a');
    expect((await node.get('a')).metadata.deletionTimestamp).toBeDefined();
    expect(isAlive(pid)).toBe(true);
    await node.expectGone('a');
    expect(isAlive(pid)).toBe(false);
    expect(await node.log('a')).toContain('bye');
  });

  test('that ignores SIGTERM gets SIGKILL after its grace period', async () => {
    const node = await start();
    await node.run('a', STUBBORN, { grace: 1 });
    const pid = await node.pidOf('a');
    const began = performance.now();
    await node.remove('a');
    await node.expectGone('a');
    expect(performance.now() - began).toBeGreaterThan(900);
    expect(isAlive(pid)).toBe(false);
    expect(await node.log('a')).toContain('no');
  });

  test('that waits for a slot goes at once and never starts', async () => {
    const node = await start({ slots: 1 });
    await node.run('a', POLITE);
    await node.pidOf('a');
    await node.run('b', FOREVER);
    await node.remove('b');
    await expect(node.get('b')).rejects.toThrow(NotFoundError);
    await node.remove('a');
    await node.expectGone('a');
    await expect(node.log('b')).rejects.toThrow('ENOENT');
  });

  test('that is removed by force leaves no process', async () => {
    const node = await start();
    await node.run('a', POLITE);
    const pid = await node.pidOf('a');
    await node.remove('a', { gracePeriodSeconds: 0 });
    await node.expectGone('a');
    await eventually(() => expect(isAlive(pid)).toBe(false));
  });

  test('can be made again under its name', async () => {
    const node = await start({ slots: 1 });
    await node.run('a', POLITE);
    await node.pidOf('a');
    await node.remove('a');
    await node.expectGone('a');
    await node.run('a', 'console.log("again")');
    await node.expectPhase('a', 'Succeeded');
  });
});

describe('when the kubelet stops', () => {
  test('every process gets SIGTERM and has ended, and pods say that it was no fault of theirs', async () => {
    const node = await start({ slots: 2 });
    for (const name of ['a', 'b', 'c']) await node.run(name, POLITE);
    const pids = [await node.pidOf('a'), await node.pidOf('b')];
    await node.stop();
    expect(pids.map(isAlive)).toEqual([false, false]);
    expect(await node.log('a')).toContain('bye');
    const { status } = await node.get('a');
    expect(status).toMatchObject({
      phase: 'Failed',
      reason: 'Terminated',
      conditions: [{ type: 'DisruptionTarget', status: 'True', reason: 'TerminationByKubelet' }],
      containerStatuses: [{ state: { terminated: { exitCode: 75 } } }],
    });
    expect(await node.phase('c')).toBe('Pending');
  });

  test('processes that ignore SIGTERM are killed at the deadline', async () => {
    const node = await start({ stopTimeoutMs: 300 });
    await node.run('a', STUBBORN);
    const pid = await node.pidOf('a');
    await node.stop();
    expect(isAlive(pid)).toBe(false);
  });

  test('a pod that is just starting is ended as well', async () => {
    const node = await start();
    await node.run('a', POLITE);
    await eventually(async () => expect((await node.get('a')).status?.startTime).toBeDefined());
    await node.stop();
    expect((await node.get('a')).status?.phase).toBe('Failed');
  });

  test('killAll ends every process at once', async () => {
    const node = await start();
    await node.run('a', STUBBORN);
    const pid = await node.pidOf('a');
    node.kubelet.killAll();
    await eventually(() => expect(isAlive(pid)).toBe(false));
  });
});

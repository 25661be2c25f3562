// The configuration and the certificate of the chart's NATS, in the hands of the real nats-server.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { freePorts } from '../../operator/adapters/local/index.ts';
import {
  connectNats,
  makeKeys,
  type NatsOptions,
  serverConfiguration,
} from '../../operator/adapters/nats/index.ts';
import { silentLogger, systemClock } from '../../operator/runtime/index.ts';
import type { Helm } from '../../scripts/charts/helm.ts';
import { ProgramRun } from '../../scripts/cluster/program-run.ts';
import { natsServer } from '../../scripts/cluster/programs.ts';
import { eventually } from '../operator/runtime/eventually.ts';
import { type GivenValues, one, type Rendered, realHelm, render } from './rendered.ts';

const found = await realHelm();
const helm: Helm = async (...args) => found?.(...args) ?? '';
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

interface Laid {
  readonly folder: string;
  readonly args: readonly string[];
  readonly port: number;
}

/** In a folder as in the Pod, on free ports. */
async function lay(objects: readonly Rendered[]): Promise<Laid> {
  const folder = mkdtempSync(join(tmpdir(), 'bionas-nats-'));
  folders.push(folder);
  const keys = makeKeys();
  writeFileSync(join(folder, 'auth.conf'), serverConfiguration(keys));
  writeFileSync(join(folder, 'operator.seed'), keys.operator.seed);
  const secrets = objects.filter(({ kind }) => kind === 'Secret');
  for (const [name, text] of Object.entries(secrets[0]?.['data'] ?? {}))
    writeFileSync(join(folder, name), Buffer.from(String(text), 'base64'));
  const [client = 0, cluster = 0, monitor = 0] = await freePorts(3);
  const { 'nats.conf': given } = one(objects, 'ConfigMap', 'bionas-nats')['data'];
  const text = Object.entries({
    '/etc/nats-tls': folder,
    '/data': join(folder, 'data'),
    '0.0.0.0:4222': `127.0.0.1:${client}`,
    '0.0.0.0:6222': `127.0.0.1:${cluster}`,
    '0.0.0.0:8222': `127.0.0.1:${monitor}`,
  }).reduce((lines, [from, to]) => lines.replaceAll(from, to), String(given));
  const file = join(folder, 'nats.conf');
  writeFileSync(file, text);
  return { folder, args: ['--config', file], port: client };
}

const env = { ...process.env, POD_NAME: 'bionas-nats-0' };

const CONFIGURATIONS: readonly (readonly [string, GivenValues])[] = [
  ['no values', {}],
  ['one that lets everybody in', { nats: { authCallout: { enabled: false } } }],
  ['three servers with TLS', { nats: { replicas: 3 } }],
  ['three servers in the clear', { nats: { replicas: 3, tls: { enabled: false } } }],
  ['lines of the user', { nats: { config: 'max_payload: 2MB\nmax_connections: 10000' } }],
  ['the largest volume', { nats: { storage: { size: '100Ti' } } }],
];

describe.skipIf(found === undefined)("nats-server takes the chart's configuration", () => {
  test.each(CONFIGURATIONS)('of %s', async (_story, values) => {
    const { args } = await lay(await render(helm, values));
    const run = promisify(execFile)(await natsServer(), ['-t', ...args], { env });
    expect((await run).stderr).toContain('is valid');
  });

  test('and refuses a line that is none', async () => {
    const { args } = await lay(await render(helm, { nats: { config: 'max_payloads: 2MB' } }));
    const run = promisify(execFile)(await natsServer(), ['-t', ...args], { env });
    await expect(run).rejects.toThrow(/unknown field "max_payloads"/);
  });
});

describe.skipIf(found === undefined)("the chart's NATS", () => {
  const LOCAL = { nats: { tls: { hosts: ['localhost'] } } };

  test('has JetStream, and shows a certificate of its authority for the names of its Services', async () => {
    const objects = await render(helm, LOCAL);
    const { folder, args, port } = await lay(objects);
    const program = await natsServer();
    const run = await ProgramRun.start({ name: 'nats', program, args, directory: folder, env });
    try {
      const { greeting } = await eventually(() => greet(port));
      expect(greeting).toMatchObject({
        tls_required: true,
        jetstream: true,
        server_name: 'bionas-nats-0',
      });
      const ca = Buffer.from(one(objects, 'Secret')['data']['ca.crt'], 'base64');
      const shown = (servername: string) => encrypted(port, { servername, ca });
      expect(await shown('bionas-nats.bionas-system.svc')).toBe('authorized');
      expect(await shown('bionas-nats-2.bionas-nats-servers.bionas-system.svc')).toBe('authorized');
      expect(await shown('localhost')).toBe('authorized');
      await expect(shown('bionas-nats.elsewhere.svc')).rejects.toThrow(/altnames/);
    } finally {
      await run.stop();
    }
  });

  test('lets the operator in by its key, over TLS, and nobody else', async () => {
    const { folder, args, port } = await lay(await render(helm, LOCAL));
    const program = await natsServer();
    const run = await ProgramRun.start({ name: 'nats', program, args, directory: folder, env });
    const shared = { name: 'test', clock: systemClock, logger: silentLogger };
    const caFile = join(folder, 'ca.crt');
    const enter = (options: Partial<NatsOptions>) =>
      connectNats(
        { url: `tls://localhost:${port}`, caFile, ...shared, ...options },
        new AbortController().signal,
      );
    try {
      const link = await enter({ nkeyFile: join(folder, 'operator.seed') });
      expect(link.connection.info?.jetstream).toBe(true);
      await link.close();
      await expect(enter({ deadlineMs: 500 })).rejects.toThrow(
        'expected a NATS server within 0.5 s',
      );
    } finally {
      await run.stop();
    }
  });
});

/** NATS says who it is before it encrypts. */
async function greet(port: number): Promise<{ socket: Socket; greeting: unknown }> {
  const socket = connect({ port, host: '127.0.0.1' });
  const [data] = await once(socket, 'data');
  socket.on('error', () => {});
  return { socket, greeting: JSON.parse(String(data).replace(/^INFO /, '')) };
}

async function encrypted(
  port: number,
  options: { readonly servername: string; readonly ca: Buffer },
): Promise<string> {
  const { socket } = await greet(port);
  const secure = connectTls({ socket, ...options });
  try {
    await once(secure, 'secureConnect');
    return secure.authorized ? 'authorized' : String(secure.authorizationError);
  } finally {
    socket.destroy();
  }
}

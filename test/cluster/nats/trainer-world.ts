// A NATS that asks the operator who comes in, an operator that answers, and two searches whose Pods run on fake nodes. Tests
// take the tokens of those Pods, as a kubelet would give them, and connect as trainers or as worse.
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, type NatsConnection, nkeyAuthenticator } from '@nats-io/transport-node';
import type { Pod } from '../../../operator/reconcilers/index.ts';
import type { Live } from '../../../operator/runtime/index.ts';
import {
  type OperatorProcess,
  type OperatorProcessOptions,
  startOperator,
} from '../../../scripts/cluster/index.ts';
import type { Authority } from '../../builders/certificates.ts';
import { eventually } from '../../operator/runtime/eventually.ts';
import { makeNamespace, sharedCluster } from '../harness/index.ts';
import { SearchRoom } from '../search/search-room.ts';
import { type CalloutServer, startCalloutServer } from './callout-server.ts';

export interface Access {
  readonly pod: string;
  readonly token: string;
  readonly trial: string;
  readonly subject: string;
  readonly bucket: string;
}

/** When the operator answers, for the first time or the next: who asks before waits for NATS to give up. */
export const listens = (operator: OperatorProcess, times = 1): Promise<void> =>
  eventually(() => {
    if (operator.log.split('Trainers are let in').length <= times) throw new Error('not yet');
  }, 20_000);

/** Of the trainer's container. */
export function environmentOf({ spec }: Pod): Readonly<Record<string, string>> {
  const [container] = spec['containers'] as { env: { name: string; value: string }[] }[];
  return Object.fromEntries((container?.env ?? []).map(({ name, value }) => [name, value]));
}

export class TrainerWorld {
  readonly room: SearchRoom;
  readonly operator: OperatorProcess;
  /** In the account of the operator, where everything may be looked at. */
  readonly admin: NatsConnection;
  readonly #settings: OperatorProcessOptions;
  readonly #server: CalloutServer;
  #files = 0;
  readonly #connections: NatsConnection[] = [];

  private constructor(parts: {
    room: SearchRoom;
    server: CalloutServer;
    operator: OperatorProcess;
    settings: OperatorProcessOptions;
    admin: NatsConnection;
  }) {
    this.room = parts.room;
    this.#server = parts.server;
    this.operator = parts.operator;
    this.#settings = parts.settings;
    this.admin = parts.admin;
  }

  /** `ttl`: how long a trainer stays in before it is judged anew. With an authority, over TLS. */
  static async start({
    ttl = '10m',
    authority,
  }: {
    readonly ttl?: string;
    readonly authority?: Authority;
  } = {}): Promise<TrainerWorld> {
    const { kubeconfig, kubectl } = sharedCluster();
    const room = new SearchRoom(kubectl, await makeNamespace(kubectl));
    const server = await startCalloutServer(authority);
    const { url, nkeyFile } = server;
    const place = [`--namespace=${room.namespace}`, `--lease-namespace=${room.namespace}`];
    const flags = [...place, ...server.flags, `--nats-auth-ttl=${ttl}`];
    const settings = { kubeconfig, nats: url, flags };
    const operator = await startOperator({ ...settings, flags: [...flags, '--no-leader-elect'] });
    await listens(operator);
    const authenticator = nkeyAuthenticator(Buffer.from(readFileSync(nkeyFile, 'utf8').trim()));
    const trusted = authority === undefined ? {} : { tls: { ca: authority.pem } };
    const admin = await connect({ servers: url, authenticator, ...trusted });
    return new TrainerWorld({ room, server, operator, settings, admin });
  }

  get url(): string {
    return this.#server.url;
  }

  async stop(): Promise<void> {
    for (const connection of [this.admin, ...this.#connections]) await connection.close();
    await this.operator.stop();
    await this.#server.stop();
  }

  /** Another replica of the operator, which does not lead: the Lease is somebody else's. */
  async standby(): Promise<OperatorProcess> {
    const spec = {
      holderIdentity: 'somebody',
      leaseDurationSeconds: 3600,
      renewTime: new Date().toISOString().replace('Z', '000Z'),
    };
    const metadata = { name: 'bionas-operator' };
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec };
    await this.room.kubectl(['create', '-f', '-'], lease);
    return startOperator(this.#settings);
  }

  /** A search of so many trials at once; its Pods, once all of them run. */
  async search(name: string, trials: number, spec = {}): Promise<readonly Live<Pod>[]> {
    await this.room.apply({ name, trials, parallelism: trials, spec });
    return eventually(async () => {
      const pods = (await this.room.pods()).filter(({ metadata }) =>
        metadata.name.startsWith(`${name}-`),
      );
      const running = pods.filter(({ status }) => status?.phase === 'Running');
      if (running.length < trials) throw new Error(`${running.length} of ${trials} Pods run`);
      return running as Live<Pod>[];
    }, 60_000);
  }

  /** What the Pod's trainer is told, and its token. */
  async accessOf(pod: Pod): Promise<Access> {
    const { BIONAS_SUBJECT: subject = '', BIONAS_BUCKET: bucket = '' } = environmentOf(pod);
    const { name } = pod.metadata;
    const trial = subject.split('.').at(-1) ?? '';
    return { pod: name, token: await this.tokenOf(name), trial, subject, bucket };
  }

  /** As the kubelet asks for one; bound to no Pod without a name. */
  async tokenOf(pod?: string, audience = 'bionas-nats'): Promise<string> {
    const bound =
      pod === undefined ? [] : ['--bound-object-kind=Pod', `--bound-object-name=${pod}`];
    const args = ['create', 'token', 'default', `--audience=${audience}`, ...bound];
    return (await this.room.kubectl(args)).trim();
  }

  /** As a mounted token. */
  async fileOf(token: string): Promise<string> {
    const file = join(this.#server.directory, `token-${this.#files++}`);
    await writeFile(file, token, { mode: 0o600 });
    return file;
  }

  /** Once, without coming back. Rejects where it is refused. */
  async connect(token: string, trial = 'nobody', more = {}): Promise<NatsConnection> {
    const connection = await connect({
      servers: this.url,
      token,
      inboxPrefix: `_INBOX_${trial}`,
      reconnect: false,
      timeout: 8_000,
      ...more,
    });
    this.#connections.push(connection);
    return connection;
  }

  /** How many were refused for each reason, and let in. */
  async counts(): Promise<Readonly<Record<string, number>>> {
    const page = await (await fetch(`${this.operator.healthUrl}/metrics`)).text();
    const refused = page.matchAll(
      /^bionas_nats_auth_refused_total\{reason="([^"]+)"[^}]*\} (\d+)/gm,
    );
    const granted = /^bionas_nats_auth_granted_total(?:\{[^}]*\})? (\d+)/m.exec(page)?.[1];
    const reasons = [...refused].map(([, reason = '', count]) => [reason, Number(count)] as const);
    return { granted: Number(granted ?? 0), ...Object.fromEntries(reasons) };
  }
}

// A fake node whose logs somebody has: kwok runs its Pods, and where the API server asks a kubelet for a log, this answers. One that
// is followed goes on until the test says that its container has ended.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Kubectl } from '../../../scripts/cluster/index.ts';
import { Authority } from '../../builders/certificates.ts';
import { eventually } from '../../operator/runtime/eventually.ts';

const FAKE = 'kwok.x-k8s.io/node';

export class LogServer implements AsyncDisposable {
  readonly node: string;
  readonly #server: Server;
  readonly #kubectl: Kubectl;
  readonly #followed: Followed;

  private constructor(node: string, server: Server, { kubectl, followed }: Parts) {
    this.node = node;
    this.#server = server;
    this.#kubectl = kubectl;
    this.#followed = followed;
  }

  /** Ready to have Pods. */
  static async start(kubectl: Kubectl, node: string): Promise<LogServer> {
    const authority = new Authority();
    const signed = authority.sign('DNS:localhost,IP:127.0.0.1');
    const [key, cert] = await Promise.all([readFile(signed.key), readFile(signed.certificate)]);
    authority.remove();
    const followed: Followed = new Map();
    const server = createServer({ key, cert }, (request, response) =>
      answer(request, response, followed),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port: Port } = server.address() as AddressInfo;
    const nodes = new LogServer(node, server, { kubectl, followed });
    await kubectl(['apply', '-f', '-'], JSON.stringify(nodeOf(node)));
    const status = { status: { daemonEndpoints: { kubeletEndpoint: { Port } } } };
    const patch = ['--subresource=status', '--type=merge', '-p', JSON.stringify(status)];
    await kubectl(['patch', 'node', node, ...patch]);
    const ready = 'jsonpath={.status.conditions[?(@.type=="Ready")].status}';
    await eventually(async () => {
      if ((await kubectl(['get', 'node', node, '-o', ready])) !== 'True')
        throw new Error('not ready');
    }, 30_000);
    return nodes;
  }

  /** Of a Pod that somebody follows, another line. */
  async say(pod: string, line: string): Promise<void> {
    (await this.#follower(pod)).write(`${line}\n`);
  }

  /** Its container has ended. */
  async finish(pod: string): Promise<void> {
    (await this.#follower(pod)).end();
    this.#followed.delete(pod);
  }

  #follower(pod: string): Promise<ServerResponse> {
    return eventually(() => {
      const response = this.#followed.get(pod);
      if (response === undefined) throw new Error(`nobody follows the log of ${pod}`);
      return response;
    }, 30_000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#kubectl(['delete', 'node', this.node, '--wait=false']);
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** By the name of the Pod. */
type Followed = Map<string, ServerResponse>;

interface Parts {
  readonly kubectl: Kubectl;
  readonly followed: Followed;
}

function answer({ url = '' }: IncomingMessage, response: ServerResponse, followed: Followed) {
  const { pathname, searchParams } = new URL(url, 'https://node');
  const [, of, ...place] = pathname.split('/');
  if (of !== 'containerLogs') return void response.writeHead(404).end();
  response.write(`${place.join('/')} has spoken\n`);
  if (searchParams.get('follow') === 'true') followed.set(place[1] ?? '', response);
  else response.end();
}

/** As those of scripts/cluster/kwok.ts. */
const nodeOf = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name,
    annotations: { [FAKE]: 'fake' },
    labels: { 'kubernetes.io/hostname': name },
  },
  spec: { taints: [{ key: FAKE, value: 'fake', effect: 'NoSchedule' }] },
});

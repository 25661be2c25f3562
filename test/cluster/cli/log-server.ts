// A fake node whose logs somebody has: kwok runs its Pods, and where the API server asks a kubelet for a log, this answers.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
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

  private constructor(node: string, server: Server, kubectl: Kubectl) {
    this.node = node;
    this.#server = server;
    this.#kubectl = kubectl;
  }

  /** Ready to have Pods. */
  static async start(kubectl: Kubectl, node: string): Promise<LogServer> {
    const authority = new Authority();
    const signed = authority.sign('DNS:localhost,IP:127.0.0.1');
    const [key, cert] = await Promise.all([readFile(signed.key), readFile(signed.certificate)]);
    authority.remove();
    const server = createServer({ key, cert }, (request, response) => {
      const [, of, ...place] = (request.url ?? '').split('?')[0]!.split('/');
      response.statusCode = of === 'containerLogs' ? 200 : 404;
      response.end(of === 'containerLogs' ? `${place.join('/')} has spoken\n` : '');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port: Port } = server.address() as AddressInfo;
    const nodes = new LogServer(node, server, kubectl);
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

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#kubectl(['delete', 'node', this.node, '--wait=false']);
    this.#server.closeAllConnections();
    this.#server.close();
  }
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

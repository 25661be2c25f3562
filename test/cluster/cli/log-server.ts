// A fake node whose logs somebody has: kwok runs its Pods, and where the API server asks a kubelet for a log, this answers. One that
// is followed goes on until the test says that its container has ended, or that its stream is cut.
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
  readonly #logs: Logs;

  private constructor(node: string, server: Server, { kubectl, logs }: Parts) {
    this.node = node;
    this.#server = server;
    this.#kubectl = kubectl;
    this.#logs = logs;
  }

  /** Ready to have Pods. */
  static async start(kubectl: Kubectl, node: string): Promise<LogServer> {
    const authority = new Authority();
    const signed = authority.sign('DNS:localhost,IP:127.0.0.1');
    const [key, cert] = await Promise.all([readFile(signed.key), readFile(signed.certificate)]);
    authority.remove();
    const logs: Logs = new Map();
    const server = createServer({ key, cert }, (request, response) =>
      answer(request, response, logs),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port: Port } = server.address() as AddressInfo;
    const nodes = new LogServer(node, server, { kubectl, logs });
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
  async say(pod: string, text: string): Promise<void> {
    const { lines, followers } = await this.#followed(pod);
    const line = { time: new Date().toISOString(), text };
    lines.push(line);
    for (const show of followers.values()) show(line);
  }

  /** Its container has ended. */
  async finish(pod: string): Promise<void> {
    const log = await this.#followed(pod);
    log.hasEnded = true;
    await this.cut(pod);
  }

  /** Ends what followers are told, as a kubelet does that begins anew. */
  async cut(pod: string): Promise<void> {
    const { followers } = await this.#followed(pod);
    for (const response of followers.keys()) response.end();
    followers.clear();
  }

  #followed(pod: string): Promise<PodLog> {
    return eventually(() => {
      const log = this.#logs.get(pod);
      if (!log?.followers.size) throw new Error(`nobody follows the log of ${pod}`);
      return log;
    }, 30_000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#kubectl(['delete', 'node', this.node, '--wait=false']);
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** By the name of the Pod. */
type Logs = Map<string, PodLog>;

interface PodLog {
  readonly lines: Line[];
  readonly followers: Map<ServerResponse, (line: Line) => void>;
  hasEnded: boolean;
}

interface Line {
  readonly time: string;
  readonly text: string;
}

interface Parts {
  readonly kubectl: Kubectl;
  readonly logs: Logs;
}

function answer({ url = '' }: IncomingMessage, response: ServerResponse, logs: Logs) {
  const { pathname, searchParams } = new URL(url, 'https://node');
  const [, of, ...place] = pathname.split('/');
  if (of !== 'containerLogs') return void response.writeHead(404).end();
  const pod = place[1] ?? '';
  const spoken = { time: new Date().toISOString(), text: `${place.join('/')} has spoken` };
  const log = logs.get(pod) ?? { lines: [spoken], followers: new Map(), hasEnded: false };
  logs.set(pod, log);
  const since = searchParams.get('sinceTime') ?? '';
  const isTimed = searchParams.get('timestamps') === 'true';
  const show = ({ time, text }: Line) =>
    void response.write(`${isTimed ? `${time} ` : ''}${text}\n`);
  // A kubelet takes the time by the second.
  for (const line of log.lines) if (line.time.slice(0, 19) >= since.slice(0, 19)) show(line);
  if (searchParams.get('follow') !== 'true' || log.hasEnded) return void response.end();
  log.followers.set(response, show);
  response.once('close', () => log.followers.delete(response));
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

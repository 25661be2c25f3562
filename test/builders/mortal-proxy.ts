// Stands before a server and ends its client's life: so much of its requests is passed on, and after that nothing.
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** A request is not sent, sent by half, or answered to nobody: each is a moment to be killed at. */
const MOMENTS = 3;

export interface MortalProxy {
  readonly url: string;
  /** Moments so far. */
  done(): number;
  close(): Promise<void>;
}

export interface MortalProxyOptions {
  readonly killedAfter?: number;
  readonly onKill?: () => void;
  /** Requests that are answered with 503. */
  readonly refuses?: (asked: IncomingMessage) => boolean;
}

export async function startMortalProxy(
  target: string,
  { killedAfter = Infinity, onKill = () => {}, refuses = () => false }: MortalProxyOptions = {},
): Promise<MortalProxy> {
  let requests = 0;
  const server = createServer(async (asked, answer) => {
    const left = killedAfter - MOMENTS * requests++;
    const body = await buffer(asked);
    if (refuses(asked)) return void answer.writeHead(503).end();
    if (left >= MOMENTS) return pass(target, asked, body, answer);
    onKill();
    if (left === 1) await sendHalf(target, asked, body);
    if (left === 2) await pass(target, asked, body, undefined);
    asked.socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    done: () => MOMENTS * requests,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const open = (target: string, { method, url = '/', rawHeaders }: IncomingMessage) =>
  request(new URL(url, target), { method: method ?? 'GET', headers: rawHeaders, agent: false });

async function pass(
  target: string,
  asked: IncomingMessage,
  body: Buffer,
  answer: ServerResponse | undefined,
): Promise<void> {
  const sent = open(target, asked);
  sent.end(body);
  const [heard] = (await once(sent, 'response')) as [IncomingMessage];
  const whole = await buffer(heard);
  answer?.writeHead(heard.statusCode ?? 500, heard.rawHeaders).end(whole);
}

async function sendHalf(target: string, asked: IncomingMessage, body: Buffer): Promise<void> {
  const sent = open(target, asked);
  sent.on('error', () => {});
  await new Promise<unknown>((resolve) => sent.write(body.subarray(0, body.length / 2), resolve));
  sent.destroy();
}

// Names of Services for the Pods of a real node: what CoreDNS would say of them, and of nothing else (RFC 1035).
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const [A, IN] = [1, 1];
const NO_SUCH_NAME = 3;
const TTL_S = 1;

/** Answers questions for the addresses of names. `addressOf` is given names in small letters, without a dot at the end. */
export async function startNameServer(
  host: string,
  addressOf: (name: string) => string | undefined,
): Promise<AsyncDisposable> {
  const socket = createSocket('udp4');
  socket.on('message', (query, { port, address }) => {
    const reply = replyTo(query, addressOf);
    if (reply !== undefined) socket.send(reply, port, address);
  });
  socket.bind(53, host);
  await once(socket, 'listening');
  return {
    [Symbol.asyncDispose]: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
}

/** Undefined where the query is none. */
export function replyTo(
  query: Buffer,
  addressOf: (name: string) => string | undefined,
): Buffer | undefined {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const end = at + 5;
  if (labels.length === 0 || end > query.length) return undefined;
  const address = addressOf(labels.join('.').toLowerCase());
  const isAsked = query.readUInt16BE(at + 1) === A && query.readUInt16BE(at + 3) === IN;
  const answer = address !== undefined && isAsked ? answerOf(address) : Buffer.alloc(0);
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  // An answer, with authority, and whether the name exists.
  header.writeUInt16BE(0x8580 | (address === undefined ? NO_SUCH_NAME : 0), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(answer.length > 0 ? 1 : 0, 6);
  return Buffer.concat([header, query.subarray(12, end), answer]);
}

function answerOf(address: string): Buffer {
  const record = Buffer.alloc(16);
  // The name of the question, which begins at byte 12.
  record.writeUInt16BE(0xc00c, 0);
  record.writeUInt16BE(A, 2);
  record.writeUInt16BE(IN, 4);
  record.writeUInt32BE(TTL_S, 6);
  record.writeUInt16BE(4, 10);
  record.set(address.split('.').map(Number), 12);
  return record;
}

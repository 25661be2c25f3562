// What the name server of a real node answers: questions as resolvers send them, byte by byte (RFC 1035).
import { expect, test } from 'vitest';
import { replyTo } from '../../../scripts/cluster/node/name-server.ts';

const [A, AAAA] = [1, 28];

function question(name: string, type: number): Buffer {
  const labels = name.split('.').map((label) => [label.length, ...Buffer.from(label)]);
  const header = [0xab, 0xcd, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0];
  return Buffer.from([...header, ...labels.flat(), 0, 0, type, 0, 1]);
}

const addressOf = (name: string) => (name === 'nats.lab.svc' ? '10.96.1.2' : undefined);
const answerTo = (query: Buffer) => {
  const reply = replyTo(query, addressOf);
  if (reply === undefined) throw new Error('no reply');
  const answers = reply.readUInt16BE(6);
  return {
    id: reply.readUInt16BE(0),
    isReply: (reply[2] ?? 0) >= 0x80,
    code: (reply[3] ?? 0) & 0xf,
    address: answers === 0 ? undefined : [...reply.subarray(-4)].join('.'),
  };
};

test.each([
  ['a name', question('nats.lab.svc', A), { code: 0, address: '10.96.1.2' }],
  ['a name in large letters', question('NATS.lab.SVC', A), { code: 0, address: '10.96.1.2' }],
  ['another kind of address', question('nats.lab.svc', AAAA), { code: 0, address: undefined }],
  ['an unknown name', question('nats.lab', A), { code: 3, address: undefined }],
])('%s', (_what, query, expected) => {
  expect(answerTo(query)).toEqual({ id: 0xabcd, isReply: true, ...expected });
});

test.each([
  ['nothing', Buffer.alloc(0)],
  ['a header', question('a', A).subarray(0, 12)],
  ['half a question', question('nats.lab.svc', A).subarray(0, 20)],
])('what is no question gets no answer: %s', (_what, query) => {
  expect(replyTo(query, addressOf)).toBeUndefined();
});

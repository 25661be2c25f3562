// What each opcode of a pickle does to the machine. Those that make objects of classes, reach outside the file or belong to
// protocols 0 and 1 alone are not here, and so refused.
import type { Machine, Opcode } from './machine.ts';

/** Python 2's text of bytes: one character a byte. */
const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

function append(m: Machine, values: readonly unknown[]): void {
  const list = m.top();
  if (!Array.isArray(list)) m.refuse('a list to add to', 'another value');
  for (const value of values) list.push(value);
}

function put(m: Machine, items: readonly unknown[]): void {
  const dict = m.top();
  if (!(dict instanceof Map)) m.refuse('a dict to add to', 'another value');
  if (items.length % 2 !== 0) m.refuse('keys with values', 'a key without');
  for (let i = 0; i < items.length; i += 2) dict.set(items[i], items[i + 1]);
}

function add(m: Machine, values: readonly unknown[]): void {
  const set = m.top();
  if (!(set instanceof Set)) m.refuse('a set to add to', 'another value');
  for (const value of values) set.add(value);
}

function protocol(m: Machine): void {
  const version = m.number(1);
  if (version < 2 || version > 4) m.refuse('a pickle of protocol 2 to 4', `protocol ${version}`);
}

const BY_BYTE: ReadonlyMap<number, Opcode> = new Map<number, Opcode>([
  [0x2e, ['STOP']],
  [0x80, ['PROTO', protocol]],
  [0x95, ['FRAME', (m) => void m.number(8)]],
  [0x28, ['MARK', (m) => m.mark()]],
  [0x30, ['POP', (m) => void m.pop()]],
  [0x31, ['POP_MARK', (m) => void m.popMark()]],
  [0x32, ['DUP', (m) => m.push(m.top())]],
  [0x4e, ['NONE', (m) => m.push(null)]],
  [0x88, ['NEWTRUE', (m) => m.push(true)]],
  [0x89, ['NEWFALSE', (m) => m.push(false)]],
  [0x4b, ['BININT1', (m) => m.push(m.number(1))]],
  [0x4d, ['BININT2', (m) => m.push(m.number(2))]],
  [0x4a, ['BININT', (m) => m.push(m.int32())]],
  [0x8a, ['LONG1', (m) => m.push(m.integer(m.number(1)))]],
  [0x47, ['BINFLOAT', (m) => m.push(m.float())]],
  [0x8c, ['SHORT_BINUNICODE', (m) => m.push(m.text(m.number(1)))]],
  [0x58, ['BINUNICODE', (m) => m.push(m.text(m.number(4)))]],
  [0x8d, ['BINUNICODE8', (m) => m.push(m.text(m.number(8)))]],
  [0x43, ['SHORT_BINBYTES', (m) => m.push(m.take(m.number(1)))]],
  [0x42, ['BINBYTES', (m) => m.push(m.take(m.number(4)))]],
  [0x8e, ['BINBYTES8', (m) => m.push(m.take(m.number(8)))]],
  [0x55, ['SHORT_BINSTRING', (m) => m.push(latin1(m.take(m.number(1))))]],
  [0x54, ['BINSTRING', (m) => m.push(latin1(m.take(m.number(4))))]],
  [0x29, ['EMPTY_TUPLE', (m) => m.push([])]],
  [0x85, ['TUPLE1', (m) => m.push(m.pops(1))]],
  [0x86, ['TUPLE2', (m) => m.push(m.pops(2))]],
  [0x87, ['TUPLE3', (m) => m.push(m.pops(3))]],
  [0x74, ['TUPLE', (m) => m.push(m.popMark())]],
  [0x5d, ['EMPTY_LIST', (m) => m.push([])]],
  [0x61, ['APPEND', (m) => append(m, [m.pop()])]],
  [0x65, ['APPENDS', (m) => append(m, m.popMark())]],
  [0x7d, ['EMPTY_DICT', (m) => m.push(new Map())]],
  [0x73, ['SETITEM', (m) => put(m, m.pops(2))]],
  [0x75, ['SETITEMS', (m) => put(m, m.popMark())]],
  [0x8f, ['EMPTY_SET', (m) => m.push(new Set())]],
  [0x90, ['ADDITEMS', (m) => add(m, m.popMark())]],
  [0x71, ['BINPUT', (m) => m.remember(m.number(1))]],
  [0x72, ['LONG_BINPUT', (m) => m.remember(m.number(4))]],
  [0x94, ['MEMOIZE', (m) => m.memoize()]],
  [0x68, ['BINGET', (m) => m.recall(m.number(1))]],
  [0x6a, ['LONG_BINGET', (m) => m.recall(m.number(4))]],
  [0x63, ['GLOBAL', (m) => m.named(m.line(), m.line())]],
  [0x93, ['STACK_GLOBAL', (m) => m.named(...(m.pops(2) as [unknown, unknown]))]],
  [0x52, ['REDUCE', (m) => m.call()]],
  [0x62, ['BUILD', (m) => m.giveState()]],
]);

/** At their bytes: a list is looked up faster than a Map. */
export const OPCODES = Array.from({ length: 256 }, (_, byte) => BY_BYTE.get(byte));

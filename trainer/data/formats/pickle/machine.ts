// The stack machine of Python's pickles, protocols 2 to 4 (Python's pickletools lists its opcodes), for data alone: a name that the
// pickle calls is looked up in a table of ours, so that nothing of the file is ever run.
import { FormatError } from '../format-error.ts';

/** Stops reading; the message names opcode and offset. */
export type Refuse = (expected: string, got: string) => never;

/** What making a value from a pickle may ask of the machine. */
export interface Making {
  readonly refuse: Refuse;
  /** Bytes of text with one character a byte, each text of the file once. */
  latin1(text: string): Uint8Array;
}

/** What a name makes of the arguments that the pickle calls it with. */
export type Maker = (args: readonly unknown[], making: Making) => unknown;

/** By `module.name`. */
export type Names = ReadonlyMap<string, Maker>;

/** Of an object whose state comes after its making (opcode BUILD): `object[STATE](state, making)`. */
export const STATE = Symbol('state');

interface Stateful {
  [STATE](state: unknown, making: Making): void;
}

const isStateful = (value: unknown): value is Stateful =>
  typeof value === 'object' && value !== null && STATE in value;

/** Its name, and what it does; what does nothing ends the pickle. */
export type Opcode = readonly [name: string, step?: (machine: Machine) => void];

const LONGEST_INTEGER = 8;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes, stack and memo of one pickle. */
export class Machine implements Making {
  readonly #path: string;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #names: Names;
  readonly #stack: unknown[] = [];
  /** Heights of the stack at its marks. */
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, unknown>();
  #at = 0;
  #encoded = 0;
  #opcode = 'PROTO';
  #opcodeAt = 0;

  constructor(path: string, bytes: Uint8Array, names: Names) {
    this.#path = path;
    // A Buffer's parts would be Buffers, whose methods differ.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#names = names;
  }

  /** The next opcode, whose name errors will tell; `opcodes` are by their bytes. */
  opcode(opcodes: readonly (Opcode | undefined)[]): Opcode {
    this.#opcode = 'the next opcode';
    this.#opcodeAt = this.#at;
    const code = this.number(1);
    const opcode =
      opcodes[code] ??
      this.refuse('an opcode of data in protocols 2 to 4', `0x${code.toString(16)}`);
    this.#opcode = opcode[0];
    return opcode;
  }

  readonly refuse: Refuse = (expected, got) => {
    const where = `${this.#opcode} at byte ${this.#opcodeAt}`;
    throw new FormatError(this.#path, { expected, got: `${got} (${where})` });
  };

  /** Where the next bytes begin, which go. */
  #pass(length: number): number {
    const at = this.#at;
    const left = this.#bytes.length - at;
    if (length > left) this.refuse(`${length} bytes more`, `the end of the file after ${left}`);
    this.#at += length;
    return at;
  }

  /** A view of the next bytes, not a copy. */
  take(length: number): Uint8Array {
    const at = this.#pass(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** Unsigned, little-endian. */
  number(bytes: 1 | 2 | 4 | 8): number {
    const at = this.#pass(bytes);
    if (bytes === 1) return this.#view.getUint8(at);
    if (bytes === 2) return this.#view.getUint16(at, true);
    if (bytes === 4) return this.#view.getUint32(at, true);
    return Number(this.#view.getBigUint64(at, true));
  }

  int32(): number {
    return this.number(4) | 0;
  }

  /** A big-endian float64. */
  float(): number {
    return this.#view.getFloat64(this.#pass(8));
  }

  /** Two's complement, little-endian; a bigint where a number would round. */
  integer(length: number): number | bigint {
    if (length > LONGEST_INTEGER)
      this.refuse(`an integer of at most ${LONGEST_INTEGER} bytes`, `${length}`);
    let value = 0n;
    for (const [i, byte] of this.take(length).entries()) value |= BigInt(byte) << BigInt(8 * i);
    const signed = BigInt.asIntN(8 * length, value);
    return BigInt(Number(signed)) === signed && Number.isSafeInteger(Number(signed))
      ? Number(signed)
      : signed;
  }

  text(length: number): string {
    const bytes = this.take(length);
    try {
      return UTF8.decode(bytes);
    } catch {
      return this.refuse('text in UTF-8', 'other bytes');
    }
  }

  latin1(text: string): Uint8Array {
    if (/[\u0100-\uffff]/.test(text)) this.refuse('text of bytes', 'other characters');
    // The same text may be remembered and encoded again and again: a small file would fill the memory.
    this.#encoded += text.length;
    if (this.#encoded > this.#bytes.length) this.refuse('bytes that the file holds', 'more');
    const bytes = new Uint8Array(text.length);
    Buffer.from(bytes.buffer).write(text, 'latin1');
    return bytes;
  }

  /** Up to the next line break, which goes, too. */
  line(): string {
    const end = this.#bytes.indexOf(10, this.#at);
    if (end < 0) this.refuse('a line of text', 'no end of it');
    const line = this.text(end - this.#at);
    this.#at += 1;
    return line;
  }

  push(value: unknown): void {
    this.#stack.push(value);
  }

  pop(): unknown {
    this.#need(1);
    return this.#stack.pop();
  }

  /** `count` values, in the order in which they were pushed. */
  pops(count: number): unknown[] {
    this.#need(count);
    return this.#stack.splice(-count);
  }

  top(): unknown {
    this.#need(1);
    return this.#stack.at(-1);
  }

  /** Values above the last mark: none is taken from below it. */
  #need(count: number): void {
    if (this.#stack.length < (this.#marks.at(-1) ?? 0) + count)
      this.refuse('a value', 'an empty stack');
  }

  mark(): void {
    this.#marks.push(this.#stack.length);
  }

  /** All above the last mark, which goes, too. */
  popMark(): unknown[] {
    const height = this.#marks.pop();
    if (height === undefined) return this.refuse('a mark', 'none');
    return this.#stack.splice(height);
  }

  remember(place: number): void {
    this.#memo.set(place, this.top());
  }

  memoize(): void {
    this.remember(this.#memo.size);
  }

  recall(place: number): void {
    const value = this.#memo.get(place);
    if (value === undefined) this.refuse('a value that was remembered', `place ${place}`);
    this.push(value);
  }

  /** Pushes what stands for a name. */
  named(module: unknown, name: unknown): void {
    if (typeof module !== 'string' || typeof name !== 'string')
      this.refuse('two texts for a name', 'other values');
    const full = `${module}.${name}`;
    this.push(this.#names.get(full) ?? this.refuse('data alone', `a call of ${full}`));
  }

  call(): void {
    const [made, args] = this.pops(2);
    if (typeof made !== 'function' || !Array.isArray(args))
      this.refuse('a name and its arguments', 'other values');
    this.push((made as Maker)(args, this));
  }

  giveState(): void {
    const state = this.pop();
    const value = this.top();
    if (!isStateful(value)) this.refuse('an object that takes a state', 'another value');
    value[STATE](state, this);
  }
}

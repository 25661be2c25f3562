// The compiled loops (assembly/) and the memory in which they work, one of each thread. What lies there holds until the next call.
import { WASM } from './generated/wasm.ts';

/** Neither ES2024 nor Node's types know of it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** Places are bytes from the memory's beginning. */
interface Loops {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  resizeRows(...numbers: EightNumbers): void;
  resizeColumns(...numbers: SevenNumbers): void;
  throughTable(at: number, bytes: number, table: number): void;
  lumaSum(at: number, bytes: number): number;
  saturate(at: number, bytes: number, by: number): void;
  turnHue(at: number, bytes: number, shift: number): void;
}

type SevenNumbers = [
  ...[from: number, stride: number, taps: number, tapBytes: number],
  ...[count: number, bytes: number, into: number],
];
type EightNumbers = [
  ...[from: number, fromStride: number, rows: number, taps: number, tapBytes: number],
  ...[count: number, into: number, intoStride: number],
];

const module = new WebAssembly.Module(Buffer.from(WASM, 'base64'));
export const loops = new WebAssembly.Instance(module).exports as Loops;

const PAGE = 65_536;
let bytes = new Uint8Array(loops.memory.buffer);

/** The memory from its beginning, with so many bytes at least. */
export function memoryOf(least: number): Uint8Array {
  const lack = least - bytes.length;
  if (lack > 0) {
    loops.memory.grow(Math.ceil(lack / PAGE));
    bytes = new Uint8Array(loops.memory.buffer);
  }
  return bytes;
}

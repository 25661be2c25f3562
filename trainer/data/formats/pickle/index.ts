// Door of the pickle reader: data out of Python's pickles, without Python and without running anything.
import { Machine, type Names } from './machine.ts';
import { NUMPY } from './numpy.ts';
import { OPCODES } from './opcodes.ts';

export type { Maker, Making, Names } from './machine.ts';
export { NdArray } from './numpy.ts';

const PROTO = 0x80;
const STOP = 0x2e;

const nameOf = (code: number): string | undefined =>
  code === STOP ? 'STOP' : OPCODES.get(code)?.[0];

/**
 * The value of a pickle of protocol 2, 3 or 4: null, booleans, numbers (bigints beyond 2^53), text, Uint8Array (a view of `bytes`),
 * arrays (lists and tuples), Maps (dicts) and what `names` make; default: NumPy arrays of numbers. No more memory than in
 * proportion to the file. Throws FormatError, which names `path`, opcode and offset.
 */
export function readPickle(path: string, bytes: Uint8Array, names: Names = NUMPY): unknown {
  const machine = new Machine(path, bytes, names);
  if (bytes[0] !== PROTO) machine.refuse('a pickle of protocol 2 to 4', 'another beginning');
  for (;;) {
    const code = machine.opcode(nameOf);
    if (code === STOP) return machine.pop();
    OPCODES.get(code)?.[1](machine);
  }
}

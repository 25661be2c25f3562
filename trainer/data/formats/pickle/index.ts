// Door of the pickle reader: data out of Python's pickles, without Python and without running anything.
import { Machine, type Making, type Names } from './machine.ts';
import { NUMPY } from './numpy.ts';
import { OPCODES } from './opcodes.ts';

export { NdArray } from './numpy.ts';

const PROTO = 0x80;

/** Its items come after it. */
const orderedDict = (args: readonly unknown[], { refuse }: Making): Map<unknown, unknown> =>
  args.length === 0 ? new Map() : refuse('an OrderedDict of later items', 'one with its own');

/** All that a pickle may call. */
const NAMES: Names = new Map([...NUMPY, ['collections.OrderedDict', orderedDict]]);

/**
 * The value of a pickle of protocol 2, 3 or 4: null, booleans, numbers (bigints beyond 2^53), text, Uint8Array (a view of `bytes`),
 * arrays (lists and tuples), Maps (dicts and OrderedDicts), Sets, NumPy's float64 as numbers and its arrays of numbers as NdArrays.
 * No more memory than in proportion to the file. Throws FormatError, which names `path`, opcode and offset.
 */
export function readPickle(path: string, bytes: Uint8Array): unknown {
  const machine = new Machine(path, bytes, NAMES);
  if (bytes[0] !== PROTO) machine.refuse('a pickle of protocol 2 to 4', 'another beginning');
  for (;;) {
    const step = machine.opcode(OPCODES)[1];
    if (step === undefined) return machine.pop();
    step(machine);
  }
}

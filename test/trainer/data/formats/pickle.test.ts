// Pickles as data: what Python wrote is read, what would run something is refused, and no bytes lead to anything else.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FormatError, type NdArray, readPickle } from '../../../../trainer/data/formats/index.ts';
import { pickled, pickleOf, uint32, writePickle } from './pickle-bytes.ts';

const read = (bytes: Uint8Array) => readPickle('a-file', bytes);
const PROTOCOLS = [2, 3, 4];
const DTYPE = 'cnumpy\ndtype\n';
const SCALAR = 'cnumpy.core.multiarray\nscalar\n';
/** As NumPy 1 names its module; protocols 2 and 3 have names as lines of text. */
const ofNumpy1 = (bytes: Uint8Array) =>
  new Uint8Array(
    Buffer.from(
      Buffer.from(bytes).toString('latin1').replaceAll('numpy._core', 'numpy.core'),
      'latin1',
    ),
  );

describe('what Python wrote', () => {
  test.each(PROTOCOLS)('values in protocol %i', (protocol) => {
    const values = read(pickled(`values-protocol-${protocol}`)) as Map<string, unknown>;
    const numbers = [0, 255, 65_535, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 40, -(2n ** 63n), 0.1];
    expect([...values.keys()]).toEqual(
      'none flags numbers again text many order ordered'.split(' '),
    );
    expect(values.get('none')).toBeNull();
    expect(values.get('flags')).toEqual([true, false]);
    expect(values.get('numbers')).toEqual(numbers);
    expect(values.get('again')).toBe(values.get('numbers'));
    const [empty, text, bytes] = values.get('text') as unknown[];
    expect([empty, text]).toEqual(['', 'é€🐟']);
    expect([...(bytes as Uint8Array)]).toEqual([0, 255]);
    expect(values.get('many')).toEqual(Array.from({ length: 2000 }, (_, i) => i));
    const order = values.get('order') as NdArray;
    expect(order).toMatchObject({ shape: [2], type: 'i2', littleEndian: false });
    expect([...order.bytes]).toEqual([0, 1, 1, 0]);
    const ordered = values.get('ordered') as Map<string, number>;
    expect([...ordered]).toEqual([
      ['b', 0.1],
      ['a', 2],
    ]);
  });

  test.each([
    ...PROTOCOLS.map((protocol) => [protocol, pickled(`imagenet16-protocol-${protocol}`)] as const),
    ['3 of NumPy 1', ofNumpy1(pickled('imagenet16-protocol-3'))] as const,
  ])('an array of pixels in protocol %s', (_, bytes) => {
    const batch = read(bytes) as Map<string, unknown>;
    const data = batch.get('data') as NdArray;
    expect(data).toMatchObject({ shape: [4, 768], type: 'u1' });
    expect(data.bytes.every((byte, i) => byte === i % 251)).toBe(true);
    expect(batch.get('labels')).toEqual([1, 121, 120, 1000]);
    const mean = (batch.get('mean') as NdArray).bytes;
    expect([...new Float64Array(mean.slice().buffer)]).toEqual([0, 0.25, 0.5]);
  });

  test('pixels are a view of the file, not a copy', () => {
    const bytes = pickled('imagenet16-protocol-3');
    const data = (read(bytes) as Map<string, NdArray>).get('data');
    expect(data?.bytes.buffer).toBe(bytes.buffer);
  });

  test('Python 2 has texts where bytes are meant', () => {
    const array = [
      ['cnumpy.core.multiarray\n_reconstruct\n', 'cnumpy\nndarray\n', 'K\0\x85', 'U\x01b', '\x87R'],
      [
        '(',
        'K\x01',
        'K\x02\x85',
        'cnumpy\ndtype\nU\x02u1K\0K\x01\x87R',
        '\x89',
        'U\x02\xc3\xff',
        'tb',
      ],
    ];
    const { shape, bytes } = read(pickleOf(array.flat())) as NdArray;
    expect([shape, [...bytes]]).toEqual([[2], [0xc3, 0xff]]);
  });

  test('a set, as protocol 4 has it', () => {
    expect(read(pickleOf([0x8f, '(K\x01NK\x01', 0x90], 4))).toEqual(new Set([1, null]));
  });

  test('a number of another byte order', () => {
    const type = `${DTYPE}U\x02f8\x85R(K\x03U\x01>tb`;
    const bytes = 'U\x08\x3f\xf0\0\0\0\0\0\0';
    expect(read(pickleOf([SCALAR, type, bytes, '\x86R']))).toBe(1);
  });

  test('any data, whatever its keys', () => {
    const key = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'length'));
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(null, true, false),
        fc.integer(),
        fc.double(),
        fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }),
        fc.string({ unit: 'binary' }),
        fc.uint8Array(),
        fc.array(tie('value'), { maxLength: 5 }),
        fc.array(fc.tuple(key, tie('value')), { maxLength: 5 }).map((items) => new Map(items)),
      ),
    }));
    fc.assert(
      fc.property(value, (data) => {
        expect(read(writePickle(data))).toEqual(data);
      }),
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

const array = (type: string, state: string) => [
  'cnumpy.core.multiarray\n_reconstruct\n)R',
  `(K\x01${state.replace('TYPE', `${DTYPE}U\x02${type}\x85R`)}tb`,
];

describe('what is refused, and where', () => {
  test.each<[string, Uint8Array, RegExp]>([
    [
      'a call',
      pickleOf(['cposix\nsystem\n', 'U\x02ls\x85R']),
      /data alone, got a call of posix\.system \(GLOBAL at byte 2\)/,
    ],
    [
      'a call by the stack',
      pickleOf(['U\x08builtinsU\x04eval', 0x93], 4),
      /a call of builtins\.eval \(STACK_GLOBAL at byte 18\)/,
    ],
    ['a name of every object', pickleOf(['cnumpy\nconstructor\n']), /a call of numpy\.constructor/],
    [
      'an object of a class',
      pickleOf([')', ')', 0x81]),
      /an opcode of data .* got 0x81 \(the next opcode at byte 4\)/,
    ],
    [
      'protocol 0',
      new Uint8Array(Buffer.from('(lp0\n.')),
      /protocol 2 to 4, got another beginning/,
    ],
    ['protocol 5', pickleOf(['N'], 5), /protocol 2 to 4, got protocol 5 \(PROTO at byte 0\)/],
    ['no bytes', new Uint8Array(0), /got another beginning/],
    [
      'a file cut short',
      pickleOf(['X', uint32(9), 'abc']),
      /9 bytes more, got the end of the file after 4 \(BINUNICODE at byte 2\)/,
    ],
    ['no end', pickleOf(['N']).subarray(0, 3), /1 bytes more, got the end of the file/],
    [
      'a length beyond all files',
      pickleOf([0x8e, uint32(0), uint32(2 ** 31)], 4),
      /bytes more, got the end/,
    ],
    ['nothing on the stack', pickleOf([]), /a value, got an empty stack \(STOP at byte 2\)/],
    [
      'a value from below a mark',
      pickleOf(['N(0']),
      /a value, got an empty stack \(POP at byte 4\)/,
    ],
    ['no mark', pickleOf(['e']), /a mark, got none \(APPENDS/],
    ['a memory of nothing', pickleOf(['h\x07']), /remembered, got place 7 \(BINGET/],
    ['text of other bytes', pickleOf(['X', uint32(1), '\xff']), /text in UTF-8/],
    [
      'an integer of 9 bytes',
      pickleOf([0x8a, 9, '123456789']),
      /integer of at most 8 bytes, got 9 \(LONG1/,
    ],
    ['a key without a value', pickleOf(['}(N', 'u']), /keys with values/],
    ['an item for no dict', pickleOf([']', 'NN', 's']), /a dict to add to/],
    ['an element for no set', pickleOf([']', '(N', 0x90], 4), /a set to add to/],
    ['an element for no list', pickleOf(['}', 'N', 'a']), /a list to add to/],
    ['a call of a value', pickleOf(['N)R']), /a name and its arguments/],
    ['a state for a list', pickleOf([']Nb']), /an object that takes a state/],
    ['a line that never ends', pickleOf(['cabc']), /a line of text/],
    [
      'an array too short',
      pickleOf(array('i4', 'K\x02\x85TYPE\x89U\x03abc')),
      /8 bytes for an array of 2, got 3 \(BUILD/,
    ],
    ['an array of columns', pickleOf(array('u1', 'K\x03\x85TYPE\x88U\x03abc')), /in C order/],
    [
      'an array of objects',
      pickleOf(array('O8', 'K\x03\x85TYPE\x89U\x03abc')),
      /integers or floats, got one of type O8 \(REDUCE/,
    ],
    [
      'an array of a negative side',
      pickleOf(array('u1', `J${uint32(-1)}\x85TYPE\x89U\0`)),
      /the state of an array/,
    ],
    [
      'a number of another type',
      pickleOf([SCALAR, `${DTYPE}U\x02i4\x85R`, 'U\x04abcd\x86R']),
      /a float64, got a number of another type \(REDUCE/,
    ],
    [
      'a number too short',
      pickleOf([SCALAR, `${DTYPE}U\x02f8\x85R`, 'U\x04abcd\x86R']),
      /8 bytes for a number, got 4 \(REDUCE/,
    ],
    [
      'an OrderedDict made of items',
      pickleOf(['ccollections\nOrderedDict\n', ']\x85R']),
      /an OrderedDict of later items/,
    ],
    [
      'characters for bytes',
      pickleOf([
        'c_codecs\nencode\nX',
        uint32(3),
        '€'.replace('€', '\xe2\x82\xac'),
        'U\x06latin1\x86R',
      ]),
      /text of bytes/,
    ],
  ])('%s', (_, bytes, message) => {
    expect(() => read(bytes)).toThrow(FormatError);
    expect(() => read(bytes)).toThrow(message);
    expect(() => read(bytes)).toThrow(/^a-file: /);
  });

  test('a small file that would fill the memory', () => {
    const text = ['X', uint32(1000), 'a'.repeat(1000), 'q\0'];
    const encode = 'c_codecs\nencode\nh\0U\x06latin1\x86R';
    const bytes = (times: number) => pickleOf([...text, ...Array<string>(times).fill(encode)]);
    expect(read(bytes(1))).toHaveLength(1000);
    expect(() => read(bytes(50))).toThrow(/bytes that the file holds, got more/);
  });
});

describe('any bytes', () => {
  const outcome = (bytes: Uint8Array): 'read' | 'refused' => {
    try {
      read(bytes);
      return 'read';
    } catch (error) {
      expect(error).toBeInstanceOf(FormatError);
      return 'refused';
    }
  };

  test('behind a header: read, or refused with a FormatError', () => {
    const opcode = fc.constantFrom(
      ...'(012N]}ateusqhjrcRbKMJGXBCTU)',
      ...'\x85\x86\x87\x88\x89\x94',
    );
    const bytes = fc.array(fc.oneof(opcode, fc.nat(255)), { maxLength: 60 });
    fc.assert(
      fc.property(bytes, (parts) => void outcome(pickleOf(parts))),
      { numRuns: 3000 },
    );
  });

  test('of a real pickle with some changed', () => {
    const seen = new Set<string>();
    const change = fc.tuple(fc.nat(), fc.nat(255));
    const name = fc.constantFrom(...PROTOCOLS.map((protocol) => `values-protocol-${protocol}`));
    fc.assert(
      fc.property(name, fc.array(change, { maxLength: 3 }), (file, changes) => {
        const bytes = pickled(file);
        for (const [place, byte] of changes) bytes[place % bytes.length] = byte;
        seen.add(outcome(bytes));
      }),
      { numRuns: 500 },
    );
    expect(seen).toEqual(new Set(['read', 'refused']));
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

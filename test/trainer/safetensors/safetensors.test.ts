// Safetensors files: whatever is written is read back, and no file, however broken, does more than raise the named error.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Tensor, Tensors } from '../../../trainer/executors/index.ts';
import {
  decodeSafetensors,
  encodeSafetensors,
  SafetensorsError,
} from '../../../trainer/safetensors/index.ts';

const float32 = (shape: number[], ...values: number[]): Tensor => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from(values),
});

function fileOf(header: unknown, body: readonly number[] = []): Buffer {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, Buffer.from(body)]);
}

const aTensor = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }).chain((shape) => {
  const size = shape.reduce((product, side) => product * side, 1);
  const exactly = { minLength: size, maxLength: size };
  return fc.oneof(
    fc.float32Array(exactly).map((data): Tensor => ({ dtype: 'float32', shape, data })),
    fc.int32Array(exactly).map((data): Tensor => ({ dtype: 'int32', shape, data })),
    fc.uint8Array(exactly).map((data): Tensor => ({ dtype: 'uint8', shape, data })),
  );
});
const aName = fc.string().filter((name) => name !== '__metadata__' && name !== '__proto__');
const someTensors: fc.Arbitrary<Tensors> = fc.dictionary(aName, aTensor, { maxKeys: 6 });

describe('a written file', () => {
  test('is read back as it was', () => {
    fc.assert(
      fc.property(someTensors, fc.dictionary(aName, fc.string()), (tensors, metadata) => {
        const read = decodeSafetensors(encodeSafetensors({ tensors, metadata }), 'a file');
        expect({ ...read.tensors }).toEqual({ ...tensors });
        expect({ ...read.metadata }).toEqual({ ...metadata });
      }),
    );
  });

  test('has the bytes that the format prescribes', () => {
    const file = encodeSafetensors({ tensors: { w: float32([2], 1, -2) }, metadata: { a: 'b' } });
    const header =
      '{"__metadata__":{"a":"b"},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
    expect(file.readBigUInt64LE(0)).toBe(80n);
    expect(file.toString('utf8', 8, 88)).toBe(header.padEnd(80));
    expect(file.subarray(88)).toEqual(Buffer.from('0000803f000000c0', 'hex'));
  });

  test('keeps float32 tensors aligned whatever bytes lie before them in the record', () => {
    const bytes: Tensor = { dtype: 'uint8', shape: [3], data: Uint8Array.of(1, 2, 3) };
    const tensors = { bytes, w: float32([1], 1) };
    const file = encodeSafetensors({ tensors, metadata: {} });
    expect(file.toString('utf8', 8)).toContain(
      '"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]',
    );
  });

  test('holds the reference executor’s float64 numbers as float32', () => {
    const w: Tensor = { dtype: 'float32', shape: [1], data: Float64Array.of(0.1) };
    const { tensors } = decodeSafetensors(encodeSafetensors({ tensors: { w }, metadata: {} }), '');
    expect(tensors['w']).toEqual(float32([1], Math.fround(0.1)));
  });
});

describe('a file that is none', () => {
  const w = { dtype: 'F32', shape: [1], data_offsets: [0, 4] };
  test.each([
    ['no bytes', Buffer.alloc(0), /expected a safetensors file, got 0 bytes/],
    ['a header longer than the file', Buffer.alloc(12, 0xff), /header of 1844\d+ bytes/],
    ['no JSON', fileOf('{"w":'), /no JSON/],
    ['a list', fileOf([]), /no JSON object/],
    ['null', fileOf('null'), /no JSON object/],
    ['numbers for metadata', fileOf({ __metadata__: { a: 1 } }), /texts in __metadata__/],
    ['a tensor that is null', fileOf({ w: null }), /tensor w: expected dtype .* got null/],
    ['an unknown dtype', fileOf({ w: { ...w, dtype: 'BF16' } }, [0, 0, 0, 0]), /dtype \(F32, I32/],
    ['a dtype of Object', fileOf({ w: { ...w, dtype: 'toString' } }, [0, 0, 0, 0]), /tensor w/],
    ['a negative side', fileOf({ w: { ...w, shape: [-1, -1] } }, [0, 0, 0, 0]), /tensor w/],
    ['half a number', fileOf({ w: { ...w, shape: [0.5] } }, [0, 0]), /tensor w/],
    ['a shape of another size', fileOf({ w: { ...w, shape: [2] } }, [0, 0, 0, 0]), /that agree/],
    ['offsets turned round', fileOf({ w: { ...w, data_offsets: [4, 0] } }), /tensor w/],
    ['a cut body', fileOf({ w }, [0, 0]), /expected 4 bytes of tensors, got 2/],
    ['bytes left over', fileOf({ w }, [0, 0, 0, 0, 0]), /expected 4 bytes of tensors, got 5/],
    [
      'tensors over each other',
      fileOf({ w, v: w }, [0, 0, 0, 0]),
      /tensor v begins at byte 0, expected 4/,
    ],
    [
      'a hole',
      fileOf({ w: { ...w, data_offsets: [1, 5] } }, [0, 0, 0, 0, 0]),
      /tensor w begins at byte 1/,
    ],
  ])('%s is refused by name', (_, file, message) => {
    const decode = () => decodeSafetensors(file, 'dir/checkpoint.safetensors');
    expect(decode).toThrow(SafetensorsError);
    expect(decode).toThrow(message);
    expect(decode).toThrow('dir/checkpoint.safetensors');
  });

  test('a giant tensor of a tiny file is refused before it is allocated', () => {
    const shape = [2 ** 20, 2 ** 20];
    const file = fileOf({ w: { dtype: 'F32', shape, data_offsets: [0, 2 ** 42] } });
    expect(() => decodeSafetensors(file, 'f')).toThrow(SafetensorsError);
  });

  test('any damage to a good file gives tensors or the named error, nothing else', () => {
    const good = encodeSafetensors({
      tensors: {
        w: float32([2, 1], 1, 2),
        n: { dtype: 'int32', shape: [], data: Int32Array.of(7) },
      },
      metadata: { identity: 'x' },
    });
    const damage = fc.record({
      at: fc.nat(good.length - 1),
      bytes: fc.uint8Array({ maxLength: 12 }),
      keep: fc.nat(good.length),
    });
    fc.assert(
      fc.property(damage, ({ at, bytes, keep }) => {
        const file = Buffer.from(good);
        file.set(bytes.subarray(0, file.length - at), at);
        expectTensorsOrNamedError(file.subarray(0, keep));
      }),
      { numRuns: 2000 },
    );
  });

  test('any header of JSON gives tensors or the named error, nothing else', () => {
    const entry = fc.record(
      {
        dtype: fc.oneof(fc.constantFrom('F32', 'I32', 'U8', '__proto__'), fc.json()),
        shape: fc.oneof(fc.array(fc.integer({ min: -1, max: 3 })), fc.jsonValue()),
        data_offsets: fc.oneof(fc.array(fc.integer({ min: -4, max: 40 })), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(entry, fc.jsonValue())), (header) => {
        expectTensorsOrNamedError(fileOf(header, Array(32).fill(1)));
      }),
      { numRuns: 1000 },
    );
  });
});

function expectTensorsOrNamedError(file: Buffer): void {
  try {
    for (const { shape, data } of Object.values(decodeSafetensors(file, 'f').tensors))
      expect(data.length).toBe(shape.reduce((product, side) => product * side, 1));
  } catch (error) {
    expect(error).toBeInstanceOf(SafetensorsError);
  }
}

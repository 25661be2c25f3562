// How much memory a piece of work asks for at once, as the sizes that it hands to constructors tell: what is asked for is seen even
// where it would never be touched, or is gone again by the end.

const ARRAYS = ['Uint8Array', 'Int32Array', 'Float32Array', 'Float64Array'] as const;
const BUFFERS = ['ArrayBuffer', 'SharedArrayBuffer'] as const;
const OF_BUFFER = ['alloc', 'allocUnsafe'] as const;

/** Bytes of the largest single piece; elements of lists count as 8. */
export async function largestAllocation<T>(
  work: () => Promise<T>,
): Promise<{ readonly value: T; readonly bytes: number }> {
  let bytes = 0;
  const note = (size: unknown, of: number) => {
    if (typeof size === 'number') bytes = Math.max(bytes, size * of);
  };
  const restore = [
    ...ARRAYS.map((name) => watchConstructor(name, note)),
    ...BUFFERS.map((name) => watchConstructor(name, note)),
    ...OF_BUFFER.map((name) => watchBuffer(name, note)),
    watchLists(note),
  ];
  try {
    return { value: await work(), bytes };
  } finally {
    for (const undo of restore) undo();
  }
}

type Note = (size: unknown, of: number) => void;
type Global = Record<
  string,
  (new (...args: never[]) => object) & { readonly BYTES_PER_ELEMENT?: number }
>;

function watchConstructor(name: string, note: Note): () => void {
  const global = globalThis as unknown as Global;
  const original = global[name];
  if (original === undefined) throw new Error(`no ${name} here`);
  global[name] = new Proxy(original, {
    construct(target, args, by) {
      note(args[0], target.BYTES_PER_ELEMENT ?? 1);
      return Reflect.construct(target, args, by === global[name] ? target : by);
    },
  });
  return () => {
    global[name] = original;
  };
}

function watchBuffer(name: (typeof OF_BUFFER)[number], note: Note): () => void {
  const original = Buffer[name];
  Buffer[name] = (size: number, ...rest: []) => {
    note(size, 1);
    return original.call(Buffer, size, ...rest);
  };
  return () => {
    Buffer[name] = original;
  };
}

function watchLists(note: Note): () => void {
  const original = Array.from;
  Array.from = ((items: object, ...rest: [never, never]) => {
    if (!(Symbol.iterator in Object(items))) note((items as { length?: unknown }).length, 8);
    return original.call(Array, items as never, ...rest);
  }) as typeof Array.from;
  return () => {
    Array.from = original;
  };
}

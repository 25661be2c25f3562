// seek-bzip comes without types.
declare module 'seek-bzip' {
  /** Throws TypeError of what is no bzip2. */
  export function decode(
    input: Uint8Array,
    output: { writeByte(byte: number): void; getBuffer(): Uint8Array },
  ): Uint8Array;
}

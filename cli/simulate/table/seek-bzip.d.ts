// seek-bzip comes without types.
declare module 'seek-bzip' {
  /** Throws TypeError of what is no bzip2. */
  export function decode(input: Uint8Array): Uint8Array;
}

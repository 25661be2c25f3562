// Loops over RGB bytes, in AssemblyScript: the part of TypeScript that compiles to WebAssembly (scripts/write-pixels.ts).
// Places are addresses in one memory, which the caller lays out (../memory.ts). Nothing is allocated here.
export { lumaSum, saturate, throughTable, turnHue } from './colors';
export { resizeColumns, resizeRows } from './resizing';

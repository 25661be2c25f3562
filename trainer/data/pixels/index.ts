// Door of work on pixels: resized and coloured by compiled loops.
export { loops, memoryOf } from './memory.ts';
export { type Cut, type Rgb, resize } from './resize.ts';

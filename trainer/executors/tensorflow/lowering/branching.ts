// Absent values: TensorFlow's own dead ones, which no kernel is run for.
import { outputOf } from '../graph-builder.ts';
import type { Lowerings } from './lowering.ts';

export const branching: Lowerings<'gate' | 'merge'> = {
  gate: (site, [x, condition], { attributes: { open } }) => {
    const truth = site.node('Cast', [condition], { DstT: { type: 'bool' } }, 'truth');
    return [outputOf(site.node('Switch', [x, truth]), open ? 1 : 0)];
  },
  merge: (site, values) => [site.node('Merge', [values])],
};

// Programs in which values are absent: the branch that is chosen, and what the other would have been.
import { add, type Graph, gate, merge, scale, square } from '../../../trainer/program/index.ts';
import { tensorOf } from '../../builders/tensors.ts';
import type { ProgramCase } from './program-case.ts';

function branches(g: Graph) {
  const condition = g.input('condition', []);
  const x = g.input('x', [2, 3]);
  const open = square(g, gate(g, x, { condition }));
  const closed = scale(g, gate(g, x, { condition, open: false }), -1);
  return { y: add(g, merge(g, [open, closed]), x) };
}

export const branching: readonly ProgramCase[] = [
  {
    name: 'a branch that is there',
    write: branches,
    given: { condition: tensorOf([1], []) },
  },
  {
    name: 'the branch that is there in its place',
    write: branches,
    given: { condition: tensorOf([0], []) },
  },
  {
    name: 'a branch within a branch that is absent',
    given: { condition: tensorOf([0], []), other: tensorOf([1], []) },
    write: (g) => {
      const [condition, other] = [g.input('condition', []), g.input('other', [])];
      const x = g.input('x', [3]);
      const outer = gate(g, x, { condition });
      const inner = [true, false].map((open) => gate(g, outer, { condition: other, open }));
      const none = gate(g, g.constant([1, 2, 3], [3]), { condition, open: false });
      return { y: merge(g, [merge(g, inner), none]) };
    },
  },
];

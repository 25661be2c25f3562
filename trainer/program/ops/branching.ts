// Values that are there in one step and not in another: what reads an absent one is absent itself and costs nothing.
import type { Graph } from '../graph.ts';
import type { Value } from '../values.ts';

/** x where `condition` [] is what `open` says (1: true), else absent. */
export const gate = (
  g: Graph,
  x: Value,
  { condition, open = true }: { readonly condition: Value; readonly open?: boolean },
): Value => g.emitOne('gate', [x, condition], { open }, { shape: x.shape, dtype: x.dtype });

/** The one of these that is there: gates see to it that exactly one is. */
export function merge(g: Graph, values: readonly Value[]): Value {
  const [first] = values;
  if (first === undefined) return g.refuse('merge of nothing');
  const other = values.find(({ shape }) => shape.join() !== first.shape.join());
  if (other !== undefined) g.refuse(`merge of [${first.shape}] and [${other.shape}]`);
  return g.emitOne('merge', values, {}, { shape: first.shape, dtype: first.dtype });
}

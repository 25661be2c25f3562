// A regression tree (Breiman et al. 1984) over factors, as its leaves: each is a box of values with one prediction.
import type { Random } from '../../operator/search/index.ts';
import type { Factor } from './factor.ts';
import { bestSplit, leftOf, type Split } from './split.ts';

export interface Leaf {
  readonly prediction: number;
  /** By factor and value: 1 where a sample with it comes here. */
  readonly box: readonly Uint8Array[];
}

export interface Growing {
  readonly factors: readonly Factor[];
  readonly targets: Float64Array;
  /** Samples of a leaf at least. */
  readonly least: number;
  /** Factors that are tried at each division, drawn anew each time. */
  readonly tries: number;
  readonly random: Random;
}

export function growTree(rows: Uint32Array, growing: Growing): Leaf[] {
  const box = growing.factors.map(({ values }) => new Uint8Array(values).fill(1));
  return grow(rows, box, growing);
}

function grow(rows: Uint32Array, box: readonly Uint8Array[], growing: Growing): Leaf[] {
  const { factors, targets, least } = growing;
  const best = rows.length < 2 * least ? undefined : bestOf(rows, growing);
  const factor = factors[best?.factor ?? -1];
  if (best === undefined || factor === undefined) {
    const sum = rows.reduce((total, row) => total + (targets[row] ?? 0), 0);
    return [{ prediction: sum / rows.length, box }];
  }
  const left = leftOf(factor, best);
  const goesLeft = (row: number) => left[factor.codes[row] ?? 0] === 1;
  const halves = [
    { rows: rows.filter(goesLeft), side: left },
    { rows: rows.filter((row) => !goesLeft(row)), side: left.map((each) => 1 - each) },
  ];
  return halves.flatMap(({ rows: some, side }) => {
    const narrowed = box.map((values, i) =>
      i === best.factor ? values.map((each, value) => each & (side[value] ?? 0)) : values,
    );
    return grow(some, narrowed, growing);
  });
}

function bestOf(
  rows: Uint32Array,
  growing: Growing,
): (Split & { readonly factor: number }) | undefined {
  const { factors, targets, least, tries, random } = growing;
  let best: (Split & { readonly factor: number }) | undefined;
  for (const i of random.shuffle([...factors.keys()]).slice(0, tries)) {
    const factor = factors[i];
    const split = factor && bestSplit(factor, { rows, targets, least });
    if (split !== undefined && split.gain > (best?.gain ?? 0)) best = { ...split, factor: i };
  }
  return best;
}

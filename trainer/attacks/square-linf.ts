// Square attack in l-infinity: stripes of full strength, then squares of full strength in every channel.
import { type SquareSpace, type Squares, sign } from './squares.ts';

export function linfSquares({ height, width, channels, bound }: SquareSpace): Squares {
  return {
    first(x, random) {
      const stripes = Float32Array.from({ length: width * channels }, () => bound * sign(random));
      return x.map((value, i) => value + (stripes[i % stripes.length] ?? 0));
    },
    next(best, _, wanted, random) {
      const side = Math.min(wanted, height, width);
      const top = random.int(height - side + 1);
      const left = random.int(width - side + 1);
      const moved = best.slice();
      for (let c = 0; c < channels; c++) {
        const change = 2 * bound * sign(random);
        for (let row = top; row < top + side; row++)
          for (let column = left; column < left + side; column++) {
            const at = (row * width + column) * channels + c;
            moved[at] = (moved[at] ?? 0) + change;
          }
      }
      return moved;
    },
  };
}

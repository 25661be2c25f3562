// Pictures that files hold colour by colour: C planes of H x W, one after the other.
import type { Pixels } from '../augmentation.ts';

/** C x area planes -> area x C at `into`. */
export function interleave(planes: Uint8Array, into: Pixels, area: number): void {
  const channels = planes.length / area;
  for (let p = 0; p < area; p++) {
    for (let c = 0; c < channels; c++) {
      into.data[into.at + p * channels + c] = planes[c * area + p] as number;
    }
  }
}

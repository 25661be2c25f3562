// What a chart says of the thing under the pointer.
import type { ComponentChildren } from 'preact';

export interface Pointed {
  /** Pixels in the figure. */
  readonly x: number;
  readonly y: number;
  readonly content: ComponentChildren;
}

/** `width`: of the figure; beyond its middle the tip stands at the left of the pointer. */
export function Tip({ at, width }: { at: Pointed | undefined; width: number }) {
  if (at === undefined) return null;
  const left = at.x < width / 2;
  const side = left ? { left: `${at.x + 12}px` } : { right: `${width - at.x + 12}px` };
  return (
    <div class="tip" style={{ ...side, top: `${at.y + 8}px` }}>
      {at.content}
    </div>
  );
}

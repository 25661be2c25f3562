// Where values are: the tensor of each, how it lies, and the same in other layouts, turned once a scope.
import { type Entry, sizeOf, type Value } from '../../program/index.ts';
import { ExecutorError } from '../executor.ts';
import { isSame, type Layout, permutationOf, plainOf } from './layout.ts';
import type { Lazy, Placed, Site } from './lowering/index.ts';
import type { Scope } from './model-parts.ts';

interface Asked {
  readonly value: Value;
  readonly layout: Layout;
}

export class Placement {
  readonly #entry: Entry;
  readonly #standsFor: (value: Value) => Value;
  readonly #placed = new Map<Value, Placed | Lazy>();

  constructor(entry: Entry, standsFor: (value: Value) => Value) {
    this.#entry = entry;
    this.#standsFor = standsFor;
  }

  place(value: Value, placed: Placed | Lazy): void {
    this.#placed.set(value, placed);
  }

  /** undefined where the value lies in no way yet */
  layoutOf(value: Value): Layout | undefined {
    const placed = this.#at(this.#standsFor(value));
    return 'make' in placed ? undefined : placed.layout;
  }

  laid(scope: Scope, site: Site, { value, layout }: Asked): string {
    const origin = this.#standsFor(value);
    const placed = this.#at(origin);
    const key = `${origin.id} [${layout}]`;
    if ('make' in placed) return scope.remember(key, () => placed.make(site, layout));
    if (isSame(placed.layout, layout)) return placed.tensor;
    const perm = permutationOf(placed.layout, layout);
    return scope.remember(key, () => site.node('Transpose', [placed.tensor], { perm }));
  }

  /** With sides of 1 in front. */
  stretched(scope: Scope, site: Site, { value, layout }: Asked): string {
    const { shape } = value;
    const own = plainOf(shape.length);
    if (shape.length === layout.length) return this.laid(scope, site, { value, layout });
    const plain = this.laid(scope, site, { value, layout: own });
    if (sizeOf(shape) === 1 || isSame(layout, plainOf(layout.length))) return plain;
    const sides = [...Array<number>(layout.length - shape.length).fill(1), ...shape];
    const key = `${this.#standsFor(value).id} stretched [${layout}]`;
    return scope.remember(key, () => {
      const reshaped = site.node('Reshape', [plain, site.ints(sides)]);
      return site.node('Transpose', [reshaped], { perm: layout });
    });
  }

  #at(value: Value): Placed | Lazy {
    const placed = this.#placed.get(value);
    if (placed === undefined)
      throw new ExecutorError(
        `entry ${this.#entry.name}: value ${value.id} is used before an operation yields it`,
      );
    return placed;
  }
}

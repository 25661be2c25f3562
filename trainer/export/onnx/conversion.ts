// What a converter sees of the network: names of converted tensors, initializers in the layout it asks for, a way to refuse.
// Pictures [N,H,W,C] of the step program are [N,C,H,W] here; everything else keeps its order.
import { NCHW_OF_NHWC, OIHW_OF_HWIO, permuted } from '../../layouts.ts';
import type { Operation, OperationKind, Shape, Value } from '../../program/index.ts';
import { GraphWriter, type NodePlan } from './graph-writer.ts';

/** A network that ONNX, or this exporter, cannot express. Names the operation. */
export class OnnxExportError extends Error {
  override readonly name = 'OnnxExportError';
}

/** A variable or constant: known numbers. */
export interface Stored {
  readonly name: string;
  readonly shape: Shape;
  readonly data: Float32Array;
}

/** How a stored tensor shall lie: as it is; a filter HWIO as OIHW; [C], for tensors of pictures, as [C,1,1]. */
export type StoredLayout = 'plain' | 'filter' | 'pictures';

export type Converter<K extends OperationKind> = (
  at: Conversion,
  operation: Operation<K>,
) => string;

export class Conversion {
  readonly writer = new GraphWriter();
  readonly #computed = new Map<number, string>();
  readonly #stored = new Map<number, Stored>();
  readonly #uses: ReadonlyMap<number, number>;
  #place = '';

  /** @param uses how many operations read a value, by its id */
  constructor(uses: ReadonlyMap<number, number>) {
    this.#uses = uses;
  }

  /** Says that `value` is the tensor `name` of the ONNX graph. */
  define(value: Value, name: string): void {
    this.#computed.set(value.id, name);
  }

  store(value: Value, stored: Stored): void {
    this.#stored.set(value.id, stored);
  }

  /** Runs `body` with `operation` as the place that refusals name. */
  within<T>({ name, kind }: Operation, body: () => T): T {
    this.#place = `${name} (${kind})`;
    return body();
  }

  isStored(value: Value): boolean {
    return this.#stored.has(value.id);
  }

  /** Only one operation reads it. */
  isPrivate(value: Value): boolean {
    return this.#uses.get(value.id) === 1;
  }

  /** Name of a tensor that an earlier node gives. */
  computed(value: Value | undefined): string {
    const name = value === undefined ? undefined : this.#computed.get(value.id);
    return name ?? this.refuse('expected a tensor that depends on the pictures');
  }

  /** Name of the initializer with the value's numbers in the layout. */
  initializer(value: Value | undefined, layout: StoredLayout): string {
    const stored = value === undefined ? undefined : this.#stored.get(value.id);
    if (stored === undefined) return this.refuse('expected a variable or constant');
    const { name, shape, data } = this.#laid(stored, layout);
    return this.writer.float32(name, shape, data);
  }

  node(opType: string, plan: NodePlan): string {
    return this.writer.node(opType, plan);
  }

  refuse(problem: string): never {
    throw new OnnxExportError(`${this.#place} has no form in the exported ONNX model: ${problem}`);
  }

  #laid(stored: Stored, layout: StoredLayout): Stored {
    const { name, shape, data } = stored;
    if (layout === 'plain') return stored;
    if (layout === 'filter') return { name, ...permuted({ shape, data }, OIHW_OF_HWIO) };
    if (shape.length === 0) return stored;
    if (shape.length === 1) return { name: `${name}[C,1,1]`, shape: [...shape, 1, 1], data };
    if (shape.length !== 4) return this.refuse(`[${shape}] does not broadcast to pictures`);
    return { name: `${name}[NCHW]`, ...permuted({ shape, data }, NCHW_OF_NHWC) };
  }
}

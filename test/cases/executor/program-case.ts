// One small program of the table that executors are compared on, and one whose gradients are known to be wanted.
import type { Tensor } from '../../../trainer/executors/index.ts';
import type { Graph, Value } from '../../../trainer/program/index.ts';

export type Outputs = Readonly<Record<string, Value>>;

export interface ProgramCase {
  readonly name: string;
  readonly write: (g: Graph) => Outputs;
  /** inputs that must not be arbitrary */
  readonly given?: Readonly<Record<string, Tensor>>;
  /** the same to the last bit on every executor */
  readonly exact?: boolean;
}

export interface GradientCase {
  readonly name: string;
  /** y as a function of its inputs */
  readonly forward: (g: Graph) => Value;
  /** for the inputs named: their gradients when y's is dy */
  readonly backward: (g: Graph, dy: Value) => Outputs;
  readonly given?: Readonly<Record<string, Tensor>>;
}

export const table = <T>(rows: Readonly<Record<string, T>>): [string, T][] => Object.entries(rows);

/** Forward and gradients side by side, dy among the inputs. */
export const bothWays = ({ name, forward, backward, given = {} }: GradientCase): ProgramCase => ({
  name,
  given,
  write: (g) => {
    const y = forward(g);
    const gradients = table(backward(g, g.input('dy', y.shape)));
    return { y, ...Object.fromEntries(gradients.map(([input, dx]) => [`d${input}`, dx])) };
  },
});

// SGD with (Nesterov) momentum, as PyTorch and DARTS have it: the accumulator is not scaled by the learning rate.
import { multiply, subtract } from '../../program/index.ts';
import type { Optimizer } from './optimizer.ts';

export interface SgdSettings {
  readonly momentum: number;
  readonly nesterov: boolean;
}

export const sgd = ({ momentum, nesterov }: SgdSettings): Optimizer => ({
  begin: ({ g, variables, rate }) => ({
    updates: [],
    update: (variable, gradient) => {
      if (momentum === 0) {
        const value = subtract(g, g.read(variable), multiply(g, gradient, rate));
        return [{ kind: 'assign', variable, value }];
      }
      const accumulator = variables.declare(g, {
        name: 'momentum',
        shape: variable.shape,
        role: 'optimizer',
        initializer: { kind: 'constant', value: 0 },
      });
      return [{ kind: 'momentum', variable, accumulator, gradient, rate, momentum, nesterov }];
    },
  }),
});

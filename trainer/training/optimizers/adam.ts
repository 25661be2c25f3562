// Adam (Kingma & Ba 2015, algorithm 1), with epsilon outside the bias correction's root as PyTorch has it.
import { add, divide, multiply, scale, sqrt, square, subtract } from '../../program/index.ts';
import type { Optimizer, OptimizerPlace } from './optimizer.ts';

export interface AdamSettings {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** beta^t as a variable that is multiplied each step. */
function power({ g, variables }: OptimizerPlace, name: string, beta: number) {
  const variable = variables.declare(g, {
    name,
    shape: [],
    role: 'optimizer',
    initializer: { kind: 'constant', value: 1 },
  });
  const value = scale(g, g.read(variable), beta);
  return { value, update: { kind: 'assign', variable, value } as const };
}

export const adam = ({ beta1, beta2, epsilon }: AdamSettings): Optimizer => ({
  begin: (at) => {
    const { g, variables, rate } = at;
    const first = power(at, 'beta1Power', beta1);
    const second = power(at, 'beta2Power', beta2);
    const stepSize = divide(g, rate, subtract(g, g.scalar(1), first.value)); // rate / (1 - beta1^t)
    const correction = sqrt(g, subtract(g, g.scalar(1), second.value)); // sqrt(1 - beta2^t)
    return {
      updates: [first.update, second.update],
      update: (variable, gradient) => {
        const moment = (name: string, beta: number, sample: typeof gradient) => {
          const kept = variables.declare(g, {
            name,
            shape: variable.shape,
            role: 'optimizer',
            initializer: { kind: 'constant', value: 0 },
          });
          const value = add(g, scale(g, g.read(kept), beta), scale(g, sample, 1 - beta));
          return { value, update: { kind: 'assign', variable: kept, value } as const };
        };
        const m = moment('moment1', beta1, gradient);
        const v = moment('moment2', beta2, square(g, gradient));
        const denominator = add(g, divide(g, sqrt(g, v.value), correction), g.scalar(epsilon));
        const change = multiply(g, stepSize, divide(g, m.value, denominator));
        const value = subtract(g, g.read(variable), change);
        return [m.update, v.update, { kind: 'assign', variable, value }];
      },
    };
  },
});

// Where values come from: the caller, constants, and variables as they were when the step began.
import type { Kernels } from './kernel.ts';

export const sources: Kernels<'input' | 'constant' | 'variable'> = {
  input: (_, { attributes: { name } }, surroundings) => [surroundings.fed(name)],
  constant: (_, { attributes: { data }, outputs: [value] }) => [
    {
      dtype: value?.dtype ?? 'float32',
      shape: value?.shape ?? [],
      data: Float64Array.from(data),
    },
  ],
  variable: (_, { attributes: { variable } }, surroundings) => [
    surroundings.variable(variable.name),
  ],
};

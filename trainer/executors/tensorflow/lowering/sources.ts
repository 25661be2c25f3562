// Where values come from: what the caller feeds, constants, and variables as they were when the step began.
import type { HostDtype } from '../../../program/index.ts';
import type { Lowerings } from './lowering.ts';

export const sources: Lowerings<'input' | 'constant' | 'variable'> = {
  input: (site, _, { outputs: [value] }) => [
    site.node('Placeholder', [], {
      dtype: { type: value?.dtype ?? 'float32' },
      shape: { shape: value?.shape ?? [] },
    }),
  ],
  constant: (site, _, { attributes: { data }, outputs: [value] }) => [
    // Constants are of what goes in and out, like inputs: what is low was cast.
    site.constant((value?.dtype ?? 'float32') as HostDtype, data, value?.shape ?? []),
  ],
  variable: (site, _, { attributes: { variable } }) => [
    site.node('ReadVariableOp', [site.handle(variable.name)], { dtype: { type: 'float32' } }),
  ],
};

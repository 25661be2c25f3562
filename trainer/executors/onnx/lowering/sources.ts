// Where values come from: what the caller feeds, constants, and variables as they were when the step began.
import { permuted } from '../../../layouts.ts';
import { plainOf } from '../layout.ts';
import { type Lazy, type Lowerings, outputOf } from './lowering.ts';

export const sources: Lowerings<'input' | 'constant' | 'variable'> = {
  input: (site, operation) => [
    {
      tensor: site.input(operation.attributes.name),
      layout: plainOf(outputOf(operation).shape.length),
    },
  ],
  constant: (site, operation) => {
    const { shape, dtype } = outputOf(operation);
    const { data } = operation.attributes;
    if (dtype !== 'float32') {
      const ints = site.int32s(data, shape);
      const to = site.elementOf(outputOf(operation));
      const tensor = dtype === 'int32' ? ints : site.node('Cast', [ints], { to });
      return [{ tensor, layout: plainOf(shape.length) }];
    }
    const make: Lazy['make'] = (at, layout) => {
      const laid = permuted({ shape, data: Float64Array.from(data) }, layout);
      return at.constant([...laid.data], laid.shape);
    };
    return [{ make }];
  },
  variable: (site, { attributes: { variable } }) => [
    { tensor: site.variable(variable.name), layout: plainOf(variable.shape.length) },
  ],
};

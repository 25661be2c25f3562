// Values that may be absent. A gate stands in a branch of its own (grouping.ts); where branches meet, all but one are empty.
import { sharedLayout } from './elementwise.ts';
import { type Lowerings, operandsOf, outputOf } from './lowering.ts';

export const branching: Lowerings<'gate' | 'merge'> = {
  gate: (site, operation) => {
    const [x] = operandsOf(operation);
    const layout = sharedLayout(site, [x], x.shape.length);
    return [{ tensor: site.node('Identity', [site.laid(x, layout)]), layout }];
  },

  // An absent number is 0, an absent tensor has a first side of 0 (entry-model.ts).
  merge: (site, operation) => {
    const rank = outputOf(operation).shape.length;
    const layout = sharedLayout(site, operation.inputs, rank);
    const tensors = operation.inputs.map((each) => site.laid(each, layout));
    if (rank > 0) return [{ tensor: site.node('Concat', tensors, { axis: 0 }), layout }];
    const tensor = tensors.reduce((sum, each) => site.node('Add', [sum, each]));
    return [{ tensor, layout }];
  },
};

// Direct feedback alignment: the error of the network's output goes to every layer at once, through fixed random weights of its
// own. B lies at the layer's input, as in BioTorch: what arrives there feeds the layer below. A convolution sends the same error
// from every place of its output; groups are left aside, as B has a filter a class.
import type { LearningRule } from './learning-rule.ts';

export const rule: LearningRule = {
  name: 'DFA',
  title: 'Direct feedback alignment',
  source: 'Nokland 2016',
  variables: ({ projection }) => {
    const { shape, law } = projection();
    return [{ name: 'B', shape, initializer: { kind: 'uniform', bound: law.bound } }];
  },
  send: ({ g, state: { B = g.refuse('direct feedback alignment has no B') }, error, spread }) => ({
    dx: spread(B, error()),
    B,
  }),
};

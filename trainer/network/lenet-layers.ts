// What both LeNets are made of: convolutions with a bias and dense layers, each learning by the rule of its name.
import { type Convolution, convolution, dense, learningBy } from '../primitives/index.ts';
import type { FixedPlan } from './network.ts';

export const lenetLayers = ({ rule }: Pick<FixedPlan, 'rule'>) => ({
  conv: (name: string, how: Convolution) =>
    [name, learningBy(rule(name), convolution({ ...how, bias: true }))] as const,
  fc: (name: string, units: number) => [name, learningBy(rule(name), dense(units))] as const,
});

// Door of the networks: from a genotype and a size to something that can be written into a program.
import type { Genotype } from '../../crds/index.ts';
import type { Head } from '../primitives/index.ts';
import { darts } from './darts.ts';
import { fixed } from './fixed.ts';
import { nb201 } from './nb201.ts';
import type { Network, NetworkPlan } from './network.ts';

export { countMacs, networkCost } from './cost.ts';
export { type Heads, type Network, NetworkError, type NetworkPlan, type Task } from './network.ts';

type Kind = Genotype['kind'];
type PlanOf<K extends Kind> = NetworkPlan<Extract<Genotype, { kind: K }>>;

/** Adding a family: its file and a line here. */
const FAMILIES: { readonly [K in Kind]: (plan: PlanOf<K>) => Network } = { darts, nb201, fixed };

/** @throws NetworkError where the pictures are too small for the network */
export function buildNetwork(plan: NetworkPlan): Network {
  return underItsHead(plan.task, build(plan.genotype.kind, plan));
}

/** Layers learn what is wrong with the answer as soon as the backward pass begins. */
export const underItsHead =
  ({ classes }: NetworkPlan['task'], network: Network): Network =>
  (place, pictures) => {
    const head: Head = { classes };
    const heads = network({ ...place, head }, pictures);
    return {
      ...heads,
      backward: (dLogits, dAuxiliary) => {
        head.error = dLogits;
        return heads.backward(dLogits, dAuxiliary);
      },
    };
  };

const build = <K extends Kind>(kind: K, plan: PlanOf<K>): Network => FAMILIES[kind](plan);

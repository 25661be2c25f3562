// Door of the networks: from a genotype and a size to something that can be written into a program.
import type { Genotype } from '../../crds/index.ts';
import type { Head } from '../primitives/index.ts';
import { darts } from './darts.ts';
import { fixed } from './fixed.ts';
import { nb201 } from './nb201.ts';
import type { Heads, Network, NetworkPlan, Task } from './network.ts';
import { type SinglePaths, singlePaths } from './single-paths.ts';
import { type Supernet, type SupernetPlan, supernet } from './supernet.ts';

export { countMacs, networkCost } from './cost.ts';
export { type CellPlan, cellPlans, inputsOf, isLarge, strideFrom } from './darts-chain.ts';
export { type AlphaValues, deriveGenotype, entropyOf, skipsOf, softmaxOf } from './derive.ts';
export { type Alphas, CELL_KINDS, type CellKind, EDGES, firstEdge, NODES } from './edge-shares.ts';
export { type Heads, type Network, NetworkError, type NetworkPlan, type Task } from './network.ts';
export type { SinglePaths } from './single-paths.ts';
export type { Supernet, SupernetCandidate, SupernetHeads, SupernetPlan } from './supernet.ts';

type Kind = Genotype['kind'];
type PlanOf<K extends Kind> = NetworkPlan<Extract<Genotype, { kind: K }>>;

/** Adding a family: its file and a line here. */
const FAMILIES: { readonly [K in Kind]: (plan: PlanOf<K>) => Network } = { darts, nb201, fixed };

/** @throws NetworkError where the pictures are too small for the network */
export function buildNetwork(plan: NetworkPlan): Network {
  return underItsHead(plan.task, build(plan.genotype.kind, plan));
}

/** @throws NetworkError where pictures or channels do not fit */
export function buildSupernet(plan: SupernetPlan): Supernet {
  const write = supernet(plan);
  return (alphas) => underItsHead(plan.task, write(alphas));
}

/** @throws NetworkError where pictures or channels do not fit */
export function buildSinglePaths(plan: SupernetPlan): SinglePaths {
  const write = singlePaths(plan);
  return (paths) => underItsHead(plan.task, write(paths));
}

/** Layers learn what is wrong with the answer as soon as the backward pass begins. */
export const underItsHead =
  <H extends Heads>({ classes }: Task, network: (...to: Parameters<Network>) => H) =>
  (...[place, pictures]: Parameters<Network>): H => {
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

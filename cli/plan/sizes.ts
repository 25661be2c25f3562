// How large networks are, before any of them is built for real.
import type { TrialSpec } from '../../crds/index.ts';
import { networkCost, type Task } from '../../trainer/network/index.ts';
import { networkOf } from '../../trainer/training/index.ts';

export interface Sized {
  readonly spec: TrialSpec;
  /** Multiply-accumulates of one picture forward; 0 of a supernet. */
  readonly macs: number;
}

/** Networks that are looked at; those of a longer search are taken to be like them. */
const LOOKED_AT = 100;

/** Each network once, of many some; of supernets one, as all have the same size. */
export async function sizesOf(specs: readonly TrialSpec[], task: Task): Promise<Sized[]> {
  const [first] = specs;
  if (first?.kind === 'Supernet') return [{ spec: first, macs: 0 }];
  const distinct = [...new Map(specs.map((spec) => [spec.genotype, spec])).values()];
  const every = Math.max(1, Math.ceil(distinct.length / LOOKED_AT));
  const some = distinct.filter((_, k) => k % every === 0);
  const macsOf = async (spec: TrialSpec) => networkCost(await networkOf(spec, task), task).macs;
  return Promise.all(some.map(async (spec) => ({ spec, macs: await macsOf(spec) })));
}

/** Of a network by its text; the mean of those looked at where it is none of them. */
export function macsBy(networks: readonly Sized[]): (genotype: string) => number {
  const known = new Map(networks.map(({ spec, macs }) => [spec.genotype, macs]));
  const mean = [...known.values()].reduce((sum, macs) => sum + macs / known.size, 0);
  return (genotype) => known.get(genotype) ?? mean;
}

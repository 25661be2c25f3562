// How many devices a Pod holds while it runs: what its time is multiplied by. Pure.
import type { Trial } from '../../../crds/index.ts';
import { overTemplate, type PodTemplate } from './pod-template.ts';

/** `nvidia.com/gpu`, `amd.com/gpu`, `gpu.intel.com/i915` and the like: extended resources that are accelerators. */
const ACCELERATOR = /^([\w.-]+\/gpu|gpu\.intel\.com\/.+)$/;

interface Resources {
  readonly limits?: Readonly<Record<string, unknown>>;
}

/** Accelerators of all its containers; a Pod that asks for none trains on CPUs, which count as one. */
export function devicesOf({ spec }: PodTemplate): number {
  const limits = (spec?.containers ?? []).flatMap(({ resources }) =>
    Object.entries((resources as Resources | undefined)?.limits ?? {}),
  );
  const devices = limits
    .filter(([name]) => ACCELERATOR.test(name))
    .reduce((sum, [, amount]) => sum + (Number(amount) || 0), 0);
  return Math.max(1, devices);
}

/** Of each Pod of a trial, by the template of its search over that of the cluster. */
export const devicesOfTrial = (
  { template }: Pick<Trial['spec'], 'template'>,
  lower: PodTemplate | undefined,
): number => devicesOf(overTemplate(lower ?? {}, (template ?? {}) as PodTemplate));

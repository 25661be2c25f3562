// How many devices a Pod holds while it runs: what its time is multiplied by. Pure.
import type { Trial } from '../../../crds/index.ts';
import { overTemplate, type PodTemplate } from './pod-template.ts';

/** `nvidia.com/gpu`, `amd.com/gpu`, `gpu.intel.com/i915` and the like: extended resources that are accelerators. */
const ACCELERATOR = /^([\w.-]+\/gpu|gpu\.intel\.com\/.+)$/;

interface Resources {
  readonly limits?: Readonly<Record<string, unknown>>;
}

/** Of all its containers. */
function acceleratorsOf({ spec }: Pick<PodTemplate, 'spec'>): number {
  const limits = (spec?.containers ?? []).flatMap(({ resources }) =>
    Object.entries((resources as Resources | undefined)?.limits ?? {}),
  );
  return limits
    .filter(([name]) => ACCELERATOR.test(name))
    .reduce((sum, [, amount]) => sum + (Number(amount) || 0), 0);
}

/** A Pod that asks for no accelerator trains on CPUs, which count as one. */
export const devicesOf = (template: Pick<PodTemplate, 'spec'>): number =>
  Math.max(1, acceleratorsOf(template));

/** What a Pod trains on, in a word for metrics. */
export type Device = 'accelerator' | 'cpu';

export const deviceOf = (template: Pick<PodTemplate, 'spec'>): Device =>
  acceleratorsOf(template) > 0 ? 'accelerator' : 'cpu';

type Asking = Pick<Trial['spec'], 'template'>;

/** By the template of its search over that of the cluster. */
const templateOf = ({ template }: Asking, lower: PodTemplate | undefined): PodTemplate =>
  overTemplate(lower ?? {}, (template ?? {}) as PodTemplate);

/** Of each Pod of a trial. */
export const devicesOfTrial = (asking: Asking, lower: PodTemplate | undefined): number =>
  devicesOf(templateOf(asking, lower));

export const deviceOfTrial = (asking: Asking, lower: PodTemplate | undefined): Device =>
  deviceOf(templateOf(asking, lower));

// How many devices a Pod holds while it runs, or what part of one: what its time is multiplied by. Pure.
import { type Sharing, type Trial, workersOf } from '../../../crds/index.ts';
import { overTemplate, type PodTemplate } from './pod-template.ts';

/**
 * `nvidia.com/gpu`, `nvidia.com/gpu.shared` (time slices), `nvidia.com/mig-1g.10gb`, `amd.com/gpu`, `gpu.intel.com/i915` and the
 * like: extended resources that are accelerators.
 */
const ACCELERATOR = /^([\w.-]+\/(gpu(\.shared)?|mig-[\w.-]+)|gpu\.intel\.com\/.+)$/;

interface Resources {
  readonly limits?: Readonly<Record<string, unknown>>;
}

const ALONE: Sharing = { perDevice: 1 };

/** Accelerators of all its containers, and its claims: how much of a device a claim is for stands elsewhere. */
function acceleratorsOf({ spec }: Pick<PodTemplate, 'spec'>): number {
  const limits = (spec?.containers ?? []).flatMap(({ resources }) =>
    Object.entries((resources as Resources | undefined)?.limits ?? {}),
  );
  const devices = limits
    .filter(([name]) => ACCELERATOR.test(name))
    .reduce((sum, [, amount]) => sum + (Number(amount) || 0), 0);
  const claims = (spec?.['resourceClaims'] as readonly unknown[] | undefined)?.length ?? 0;
  return devices + claims;
}

/** A Pod that asks for no accelerator trains on CPUs, which count as one. */
export function devicesOf(template: Pick<PodTemplate, 'spec'>, { perDevice } = ALONE): number {
  const held = acceleratorsOf(template);
  return held === 0 ? 1 : held / perDevice;
}

/** What a Pod trains on, in a word for metrics. */
export type Device = 'accelerator' | 'cpu';

export const deviceOf = (template: Pick<PodTemplate, 'spec'>): Device =>
  acceleratorsOf(template) > 0 ? 'accelerator' : 'cpu';

type Asking = Pick<Trial['spec'], 'template' | 'sharing'>;

/** By the template of its search over that of the cluster. */
const templateOf = ({ template }: Asking, lower: PodTemplate | undefined): PodTemplate =>
  overTemplate(lower ?? {}, (template ?? {}) as PodTemplate);

/** Of all Pods of an attempt at a trial. */
export const devicesOfTrial = (asking: Asking, lower: PodTemplate | undefined): number =>
  workersOf(asking.template) * devicesOf(templateOf(asking, lower), asking.sharing);

export const deviceOfTrial = (asking: Asking, lower: PodTemplate | undefined): Device =>
  deviceOf(templateOf(asking, lower));

// What workers add up: the only kernel that waits.
import type { Computed, Kernels } from './kernel.ts';

export const collective: Kernels<'allReduce', Computed> = {
  allReduce: async ([x], { name, attributes: { world } }, { meeting }) => [
    { ...x, data: await meeting.sum(name, x.data, world) },
  ],
};

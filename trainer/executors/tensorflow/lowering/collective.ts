// Sums over workers, by TensorFlow's own collectives: a ring over gRPC on CPUs, NCCL on GPUs.
import type { Lowerings } from './lowering.ts';

/** All workers are one group. */
const GROUP = 1;

export const collective: Lowerings<'allReduce'> = {
  allReduce: (site, [x], { attributes: { world } }) => [
    site.node('CollectiveReduce', [x], {
      group_size: { int: world },
      group_key: { int: GROUP },
      instance_key: { int: site.number },
      merge_op: { text: 'Add' },
      final_op: { text: 'Id' },
      subdiv_offsets: { ints: [0] },
      communication_hint: { text: 'auto' },
    }),
  ],
};

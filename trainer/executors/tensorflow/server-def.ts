// Where TensorFlow's servers find each other, in its wire format: the fields of tensorflow.ServerDef and of ConfigProto that workers
// need, and no others.
import protobuf from 'protobufjs/light.js';
import type { Peers } from '../executor.ts';

const JOB = 'worker';
const taskName = (rank: number): string => `/job:${JOB}/replica:0/task:${rank}`;

const tasks: protobuf.IMapField = { keyType: 'int32', type: 'string', id: 2 };

const root = protobuf.Root.fromJSON({
  nested: {
    JobDef: {
      fields: { name: { type: 'string', id: 1 }, tasks },
    },
    ClusterDef: { fields: { job: { rule: 'repeated', type: 'JobDef', id: 1 } } },
    ServerDef: {
      fields: {
        cluster: { type: 'ClusterDef', id: 1 },
        jobName: { type: 'string', id: 2 },
        taskIndex: { type: 'int32', id: 3 },
        // A message on the wire is its bytes.
        defaultSessionConfig: { type: 'bytes', id: 4 },
        protocol: { type: 'string', id: 5 },
      },
    },
    Experimental: {
      fields: {
        collectiveGroupLeader: { type: 'string', id: 1 },
        collectiveNccl: { type: 'bool', id: 7 },
      },
    },
    ConfigProto: {
      fields: {
        deviceFilters: { rule: 'repeated', type: 'string', id: 4 },
        isolateSessionState: { type: 'bool', id: 15 },
        experimental: { type: 'Experimental', id: 16 },
      },
    },
  },
});

/**
 * Session options of a worker, on top of those of any session: it computes on its own devices alone, and finds the others at the first
 * of them when they sum up.
 * @param config ConfigProto; one after another in the same bytes, two of them are merged
 */
export const workerConfig = (config: Uint8Array, { rank }: Peers): Uint8Array => {
  const own = root.lookupType('ConfigProto').encode({
    deviceFilters: [taskName(rank)],
    isolateSessionState: true,
    experimental: { collectiveGroupLeader: taskName(0), collectiveNccl: true },
  });
  return Uint8Array.from([...config, ...own.finish()]);
};

export const encodeServer = ({ rank, addresses }: Peers, config: Uint8Array): Uint8Array =>
  root
    .lookupType('ServerDef')
    .encode({
      cluster: { job: [{ name: JOB, tasks: Object.fromEntries(addresses.entries()) }] },
      jobName: JOB,
      taskIndex: rank,
      defaultSessionConfig: config,
      protocol: 'grpc',
    })
    .finish();

// Session options in TensorFlow's wire format: the fields of tensorflow.ConfigProto that we set, and no others.
import protobuf from 'protobufjs/light.js';

export interface SessionConfig {
  /** Threads that share the work of one operation; 0: TensorFlow's choice, the machine's cores. */
  readonly intraOpThreads: number;
  /** Operations that run side by side; 0: as many as cores. */
  readonly interOpThreads: number;
  /** Whether Grappler rewrites the graph; default true. */
  readonly rewrites?: boolean;
}

const root = protobuf.Root.fromJSON({
  nested: {
    GPUOptions: { fields: { allowGrowth: { type: 'bool', id: 4 } } },
    RewriterConfig: { fields: { disableMetaOptimizer: { type: 'bool', id: 19 } } },
    GraphOptions: { fields: { rewriteOptions: { type: 'RewriterConfig', id: 10 } } },
    ConfigProto: {
      fields: {
        intraOpParallelismThreads: { type: 'int32', id: 2 },
        interOpParallelismThreads: { type: 'int32', id: 5 },
        gpuOptions: { type: 'GPUOptions', id: 6 },
        graphOptions: { type: 'GraphOptions', id: 10 },
      },
    },
  },
});

const ConfigProto = root.lookupType('ConfigProto');

/** GPU memory grows as it is needed, so that trials can share a card. */
export const encodeConfig = ({
  intraOpThreads,
  interOpThreads,
  rewrites = true,
}: SessionConfig): Uint8Array =>
  ConfigProto.encode({
    intraOpParallelismThreads: intraOpThreads,
    interOpParallelismThreads: interOpThreads,
    gpuOptions: { allowGrowth: true },
    ...(rewrites ? {} : { graphOptions: { rewriteOptions: { disableMetaOptimizer: true } } }),
  }).finish();

// Session options in TensorFlow's wire format: the fields of tensorflow.ConfigProto that we set, and no others.
import protobuf from 'protobufjs/light.js';

export interface SessionConfig {
  /** Threads that share the work of one operation; 0: TensorFlow's choice, the machine's cores. */
  readonly intraOpThreads: number;
  /** Operations that run side by side; 0: as many as cores. */
  readonly interOpThreads: number;
  /** Whether Grappler rewrites the graph; default true. */
  readonly rewrites?: boolean;
  /** Whether XLA compiles what it can of the graph, on a CPU, too; default false. */
  readonly xla?: boolean;
  /** Whether a GPU's memory is taken as it is needed; default true. */
  readonly growth?: boolean;
}

/** OptimizerOptions.GlobalJitLevel ON_1: `ON_2` is the same today. */
const JIT_ON = 1;

const root = protobuf.Root.fromJSON({
  nested: {
    GPUOptions: { fields: { allowGrowth: { type: 'bool', id: 4 } } },
    RewriterConfig: { fields: { disableMetaOptimizer: { type: 'bool', id: 19 } } },
    OptimizerOptions: {
      fields: {
        globalJitLevel: { type: 'int32', id: 5 },
        cpuGlobalJit: { type: 'bool', id: 7 },
      },
    },
    GraphOptions: {
      fields: {
        optimizerOptions: { type: 'OptimizerOptions', id: 3 },
        rewriteOptions: { type: 'RewriterConfig', id: 10 },
      },
    },
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

export const encodeConfig = ({
  intraOpThreads,
  interOpThreads,
  rewrites = true,
  xla = false,
  growth = true,
}: SessionConfig): Uint8Array =>
  ConfigProto.encode({
    intraOpParallelismThreads: intraOpThreads,
    interOpParallelismThreads: interOpThreads,
    gpuOptions: { allowGrowth: growth },
    graphOptions: {
      ...(xla ? { optimizerOptions: { globalJitLevel: JIT_ON, cpuGlobalJit: true } } : {}),
      ...(rewrites ? {} : { rewriteOptions: { disableMetaOptimizer: true } }),
    },
  }).finish();

// The computing thread: tfjs-node blocks whoever calls it, so it is called here. It loads one SavedModel, each signature
// once; they share one TensorFlow session, where the variables stay. One request at a time, one reply to each.
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { workerData } from 'node:worker_threads';
import { serve } from '../computing-thread-end.ts';
import type { Tensor, Tensors } from '../executor.ts';
import type { GraphSignature } from '../tensorflow/index.ts';
import type { TfjsPackage } from './package-location.ts';
import { encodeSavedModel, FILE, TAG } from './saved-model.ts';

export interface WorkerData {
  readonly packageDir: string;
  readonly packageName: TfjsPackage;
  /** of saved_model.pb, which holds the graph and the first signature */
  readonly directory: string;
  readonly signatures: Readonly<Record<string, GraphSignature>>;
}

/** Runs a signature. Inputs that are not given come from the outputs of another, without leaving the thread. */
export interface WorkerRequest {
  readonly signature: string;
  readonly inputs: Tensors;
  readonly otherInputsFrom?: string;
  /** the outputs to send back */
  readonly wanted: readonly string[];
}

export interface Loaded {
  /** tfjs falls back to slow JavaScript silently: here it must be `tensorflow`. */
  readonly backend: string;
  readonly libraryVersion: string;
  readonly device: 'CPU' | 'GPU';
}

/** The part of tfjs-node's API that is used. */
interface TfjsTensor {
  readonly shape: number[];
  dataSync(): Float32Array | Int32Array | Uint8Array;
  dispose(): void;
}
type TfjsTensors = Record<string, TfjsTensor>;
interface SavedModelSignature {
  predict(inputs: TfjsTensors): TfjsTensors;
}
interface Tfjs {
  readonly node: {
    loadSavedModel(path: string, tags: string[], signature: string): Promise<SavedModelSignature>;
  };
  tensor(data: Tensor['data'], shape: readonly number[], dtype: string): TfjsTensor;
  getBackend(): string;
  backend(): {
    readonly isUsingGpuDevice: boolean;
    readonly binding: { readonly TF_Version: string };
  };
}

/** tfjs has no uint8; a bool is a byte too, and the signature's type decides what TensorFlow is fed. */
const TFJS_TYPES = { float32: 'float32', int32: 'int32', uint8: 'bool' } as const;

const disposeAll = (tensors: TfjsTensors): void => {
  for (const tensor of Object.values(tensors)) tensor.dispose();
};

class LoadedModel {
  readonly #tf: Tfjs;
  readonly #signatures = new Map<string, SavedModelSignature>();

  constructor(tf: Tfjs) {
    this.#tf = tf;
  }

  /**
   * loadSavedModel parses the whole file for each signature, in JavaScript; the session it makes only once. So a file
   * without the graph takes the first one's place.
   */
  async load({ directory, signatures }: WorkerData): Promise<void> {
    for (const [name, signature] of Object.entries(signatures)) {
      if (this.#signatures.size > 0)
        await writeFile(join(directory, FILE), encodeSavedModel(undefined, { [name]: signature }));
      this.#signatures.set(name, await this.#tf.node.loadSavedModel(directory, [TAG], name));
    }
  }

  run({ signature, inputs, otherInputsFrom, wanted }: WorkerRequest): Tensors {
    const fed = otherInputsFrom === undefined ? {} : this.#predict(otherInputsFrom, {});
    try {
      for (const [name, tensor] of Object.entries(inputs)) {
        fed[name]?.dispose();
        fed[name] = this.#tf.tensor(tensor.data, tensor.shape, TFJS_TYPES[tensor.dtype]);
      }
      return this.#collect(this.#predict(signature, fed), wanted);
    } finally {
      disposeAll(fed);
    }
  }

  #predict(signature: string, inputs: TfjsTensors): TfjsTensors {
    const model = this.#signatures.get(signature);
    if (model === undefined) throw new Error(`the SavedModel has no signature ${signature}`);
    return model.predict(inputs);
  }

  #collect(outputs: TfjsTensors, wanted: readonly string[]): Tensors {
    try {
      const tensors = wanted.map((name) => [name, outputs[name]] as const);
      return Object.fromEntries(
        tensors.flatMap(([name, tensor]) => (tensor === undefined ? [] : [[name, sent(tensor)]])),
      );
    } finally {
      disposeAll(outputs);
    }
  }
}

function sent(tensor: TfjsTensor): Tensor {
  const data = tensor.dataSync();
  const dtype =
    data instanceof Float32Array ? 'float32' : data instanceof Int32Array ? 'int32' : 'uint8';
  return { dtype, shape: tensor.shape, data };
}

const loadedBy = (tf: Tfjs): Loaded => ({
  backend: tf.getBackend(),
  libraryVersion: tf.backend().binding.TF_Version,
  device: tf.backend().isUsingGpuDevice ? 'GPU' : 'CPU',
});

await serve<WorkerRequest, Loaded>(async () => {
  const data = workerData as WorkerData;
  const require = createRequire(join(data.packageDir, 'package.json'));
  const tf = require(`@tensorflow/${data.packageName}`) as Tfjs;
  const model = new LoadedModel(tf);
  await model.load(data);
  return { loaded: loadedBy(tf), answer: (request) => model.run(request) };
});

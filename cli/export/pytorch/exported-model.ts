// What model.onnx holds of a trained network: its genotype, sizes, classes, how it normalises pictures, and its weights by the
// names of the step program's variables. trainer/export/onnx/ writes it. Pure.
import { z } from 'zod';
import type { Task } from '../../../trainer/network/index.ts';
import {
  decodeModel,
  ELEMENT,
  type OnnxGraph,
  type OnnxModel,
  type OnnxTensor,
} from '../../../trainer/onnx-model/index.ts';

/** A file that is no model of bionas, or one of another network than is asked for. */
export class ExportedModelError extends Error {
  override readonly name = 'ExportedModelError';
}

export interface ExportedModel {
  /** Canonical text. */
  readonly genotype: string;
  readonly task: Task;
  /** Names, in the order of the logits. */
  readonly classes: readonly string[];
  /** Test accuracy, or that on held-out pictures; absent where none was taken. */
  readonly accuracy?: number;
  /** Per channel, of pictures in [0, 1]; absent where no answer depends on them. */
  readonly statistics?: { readonly mean: readonly number[]; readonly deviation: readonly number[] };
  /** Filters [out,in,h,w], dense layers [in,out], the rest [C]. */
  readonly weights: ReadonlyMap<string, Weights>;
}

export interface Weights {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

const Metadata = z.object({
  genotype: z.string(),
  classes: z.string().transform((text) => z.array(z.string()).parse(JSON.parse(text))),
  accuracy: z.coerce.number().optional(),
});

/** @throws ExportedModelError naming `where` */
export function readModel(bytes: Uint8Array, where: string): ExportedModel {
  try {
    const model = decodeModel(bytes);
    const { accuracy, ...metadata } = Metadata.parse(metadataOf(model));
    const task = taskOf(model.graph, metadata.classes);
    const weights = new Map(
      model.graph.initializer
        .filter(({ dataType }) => dataType === ELEMENT.float32)
        .map((tensor) => [tensor.name, weightsOf(tensor)]),
    );
    const statistics = statisticsOf(model.graph, weights);
    return {
      ...metadata,
      task,
      weights,
      ...(accuracy === undefined ? {} : { accuracy }),
      ...(statistics === undefined ? {} : { statistics }),
    };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ExportedModelError(`${where}: expected a model.onnx of bionas, got ${reason}`, {
      cause,
    });
  }
}

const metadataOf = ({ metadataProps }: OnnxModel) =>
  Object.fromEntries(metadataProps.map(({ key, value }) => [key, value]));

function taskOf({ input }: OnnxGraph, { length: classes }: readonly string[]): Task {
  const dims = input[0]?.type.tensorType.shape?.dim ?? [];
  const [channels = 0, height = 0, width = 0] = dims
    .slice(1)
    .map((dim) => ('dimValue' in dim ? dim.dimValue : 0));
  if (channels * height * width > 0) return { channels, height, width, classes };
  throw new Error(`pictures of ${channels} x ${height} x ${width}`);
}

function weightsOf({ name, dims, rawData }: OnnxTensor): Weights {
  const bytes = Uint8Array.from(rawData);
  const size = dims.reduce((product, side) => product * side, 4);
  if (bytes.length !== size) throw new Error(`${bytes.length} bytes of ${name}, not ${size}`);
  return { shape: dims, data: new Float32Array(bytes.buffer) };
}

/** Pictures are first multiplied by 1 / deviation, then -mean / deviation is added: trainer/training/objective.ts. */
function statisticsOf({ node, input }: OnnxGraph, weights: ExportedModel['weights']) {
  const reader = (name: string | undefined, opType: string) =>
    node.find((each) => each.opType === opType && each.input[0] === name);
  const scaled = reader(input[0]?.name, 'Mul');
  if (scaled === undefined) return undefined;
  const shifted = reader(scaled.output[0], 'Add');
  const [factor, shift] = [scaled, shifted].map((each) => weights.get(each?.input[1] ?? '')?.data);
  if (factor === undefined || shift === undefined)
    throw new Error('pictures that are not normalised');
  const deviation = Array.from(factor, (each) => 1 / each);
  return { deviation, mean: Array.from(shift, (each, c) => -each * (deviation[c] ?? 1)) };
}

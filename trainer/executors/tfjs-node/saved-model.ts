// A SavedModel in TensorFlow's wire format: the fields of saved_model.proto that a loader reads, and no others.
import protobuf from 'protobufjs/light.js';
import type { HostDtype } from '../../program/index.ts';
import type { GraphSignature } from '../tensorflow/index.ts';

/** The tag that loadSavedModel looks for. */
export const TAG = 'serve';

/** The name that loadSavedModel looks for. */
export const FILE = 'saved_model.pb';

const SCHEMA_VERSION = 1;

/** tensorflow.DataType */
const DATA_TYPES: Readonly<Record<HostDtype, number>> = { float32: 1, int32: 3, uint8: 4 };

const namedTensors = (id: number): protobuf.IMapField => ({
  keyType: 'string',
  type: 'TensorInfo',
  id,
});
const namedSignatures: protobuf.IMapField = { keyType: 'string', type: 'SignatureDef', id: 5 };

const root = protobuf.Root.fromJSON({
  nested: {
    Dim: { fields: { size: { type: 'int64', id: 1 } } },
    TensorShapeProto: { fields: { dim: { rule: 'repeated', type: 'Dim', id: 2 } } },
    TensorInfo: {
      fields: {
        name: { type: 'string', id: 1 },
        dtype: { type: 'int32', id: 2 },
        tensorShape: { type: 'TensorShapeProto', id: 3 },
      },
    },
    SignatureDef: {
      fields: {
        inputs: namedTensors(1),
        outputs: namedTensors(2),
      },
    },
    MetaInfoDef: { fields: { tags: { rule: 'repeated', type: 'string', id: 4 } } },
    MetaGraphDef: {
      fields: {
        metaInfoDef: { type: 'MetaInfoDef', id: 1 },
        graphDef: { type: 'bytes', id: 2 },
        signatureDef: namedSignatures,
      },
    },
    SavedModel: {
      fields: {
        savedModelSchemaVersion: { type: 'int64', id: 1 },
        metaGraphs: { rule: 'repeated', type: 'MetaGraphDef', id: 2 },
      },
    },
  },
});

const SavedModel = root.lookupType('SavedModel');

const tensorInfos = (tensors: GraphSignature['inputs']) =>
  Object.fromEntries(
    Object.entries(tensors).map(([key, { tensor, dtype, shape }]) => [
      key,
      {
        name: tensor,
        dtype: DATA_TYPES[dtype],
        tensorShape: { dim: shape.map((size) => ({ size })) },
      },
    ]),
  );

/**
 * Weights are not part of it, so it needs no variables/ beside it.
 * @param graphDef none: the file only tells the signatures of a graph that is loaded already
 * @returns the content of saved_model.pb
 */
export function encodeSavedModel(
  graphDef: Uint8Array | undefined,
  signatures: Readonly<Record<string, GraphSignature>>,
): Uint8Array {
  const signatureDef = Object.fromEntries(
    Object.entries(signatures).map(([key, { inputs, outputs }]) => [
      key,
      { inputs: tensorInfos(inputs), outputs: tensorInfos(outputs) },
    ]),
  );
  const graph = graphDef === undefined ? {} : { graphDef };
  const metaGraph = { metaInfoDef: { tags: [TAG] }, ...graph, signatureDef };
  return SavedModel.encode({
    savedModelSchemaVersion: SCHEMA_VERSION,
    metaGraphs: [metaGraph],
  }).finish();
}

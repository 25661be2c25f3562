// A trained network as an ONNX model: the operations between `pictures` and `logits`, with the variables' values inside.
// The step program's batch is fixed; the model's is free.
import type { Tensors } from '../../executors/index.ts';
import { ELEMENT, encodeModel, type OnnxValueInfo } from '../../onnx-model/index.ts';
import type { Entry, Operation, OperationKind, Shape, Value } from '../../program/index.ts';
import { Conversion, type Converter, OnnxExportError, type Stored } from './conversion.ts';
import { CONVERTERS } from './converters/index.ts';
import { LOGITS, PICTURES } from './names.ts';

/** ONNX 1.12 and later; every runtime of today reads it. */
const OPSET = 17;
const IR_VERSION = 8;

export interface OnnxExport {
  /** Input `pictures` float32 [n,H,W,C] in [0,1], output `logits` [n,classes]: see inferenceEntry. */
  readonly entry: Entry;
  /** At least those of the variables that the entry reads. */
  readonly values: Tensors;
  /** Kept in the model as it is. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * The model's bytes: input `pictures` [batch,C,H,W], output `logits` [batch,classes], opset 17.
 * @throws OnnxExportError naming the operation that has no form, or the variable without a value
 */
export function exportOnnx({ entry, values, metadata }: OnnxExport): Uint8Array {
  const logits = entry.outputs[LOGITS];
  const pictures = entry.inputs[PICTURES];
  if (logits === undefined || pictures === undefined)
    throw new OnnxExportError(`entry ${entry.name}: expected input pictures and output logits`);
  const operations = neededFor(entry, logits);
  const conversion = new Conversion(usesOf(operations));
  for (const operation of operations)
    conversion.within(operation, () => convert(conversion, operation, values));
  const graph = conversion.writer.finish(conversion.computed(logits), LOGITS);
  if (graph === undefined) throw new OnnxExportError(`entry ${entry.name} computes nothing`);
  return encodeModel({
    irVersion: IR_VERSION,
    producerName: 'bionas',
    opsetImport: [{ domain: '', version: OPSET }],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name: 'bionas',
      docString: 'A network found by bionas. Normalisation of the pictures is inside.',
      ...graph,
      input: [
        valueInfo(PICTURES, nchw(pictures.shape), 'batch, channels, height, width; in [0, 1]'),
      ],
      output: [valueInfo(LOGITS, logits.shape, 'batch, classes; before softmax')],
    },
  });
}

const nchw = ([n = 0, h = 0, w = 0, c = 0]: Shape): Shape => [n, c, h, w];

function valueInfo(name: string, [, ...sides]: Shape, docString: string): OnnxValueInfo {
  const dim = [{ dimParam: 'batch' }, ...sides.map((dimValue) => ({ dimValue }))];
  return { name, docString, type: { tensorType: { elemType: ELEMENT.float32, shape: { dim } } } };
}

/** The operations that `output` depends on, in their order. */
function neededFor({ operations }: Entry, output: Value): readonly Operation[] {
  const needed = new Set([output.id]);
  const kept = operations.toReversed().filter(({ inputs, outputs }) => {
    if (!outputs.some(({ id }) => needed.has(id))) return false;
    for (const { id } of inputs) needed.add(id);
    return true;
  });
  return kept.reverse();
}

function usesOf(operations: readonly Operation[]): ReadonlyMap<number, number> {
  const uses = new Map<number, number>();
  for (const { id } of operations.flatMap(({ inputs }) => inputs))
    uses.set(id, (uses.get(id) ?? 0) + 1);
  return uses;
}

function convert(conversion: Conversion, operation: Operation, values: Tensors): void {
  const [output] = operation.outputs;
  if (output === undefined) conversion.refuse('it has no output');
  else if (isKind(operation, 'input')) conversion.define(output, inputName(conversion, operation));
  else if (isKind(operation, 'constant') || isKind(operation, 'variable'))
    conversion.store(output, stored(conversion, operation, values));
  else conversion.define(output, converterOf(conversion, operation)(conversion, operation));
}

const isKind = <K extends OperationKind>(
  operation: Operation,
  kind: K,
): operation is Operation<K> => operation.kind === kind;

function converterOf(conversion: Conversion, { kind }: Operation): Converter<OperationKind> {
  const rows: { readonly [K in OperationKind]?: unknown } = CONVERTERS;
  const converter = rows[kind] as Converter<OperationKind> | undefined;
  return converter ?? conversion.refuse('inference uses no such operation');
}

function inputName(conversion: Conversion, { attributes }: Operation<'input'>): string {
  if (attributes.name === PICTURES) return PICTURES;
  return conversion.refuse(`an answer may depend on pictures alone, not on ${attributes.name}`);
}

function stored(
  conversion: Conversion,
  operation: Operation<'constant'> | Operation<'variable'>,
  values: Tensors,
): Stored {
  const shape = operation.outputs[0]?.shape ?? [];
  if (isKind(operation, 'constant'))
    return { name: operation.name, shape, data: Float32Array.from(operation.attributes.data) };
  const { name } = operation.attributes.variable;
  const value = values[name];
  if (value === undefined) return conversion.refuse(`variable ${name} has no value`);
  return { name, shape, data: Float32Array.from(value.data) };
}

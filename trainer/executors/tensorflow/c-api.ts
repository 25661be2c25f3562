// The functions of TensorFlow's C API (tensorflow/c/c_api.h) that the executor calls, declared for koffi.
// Handles are addresses (bigint). Arrays go over as typed arrays, which koffi passes without a copy.
import koffi, { type KoffiFunc, type LibraryHandle } from 'koffi';

export type Handle = bigint;

/** TF_Output, passed by value: output `index` of a node. */
export interface Output {
  readonly oper: Handle;
  readonly index: number;
}

/** An array of TF_Output: 16 bytes each, the index in the low half of the second word (little-endian machines). */
export const packOutputs = (outputs: readonly Output[]): BigUint64Array =>
  BigUint64Array.from([...outputs, NO_OUTPUT].flatMap(({ oper, index }) => [oper, BigInt(index)]));

/** An empty array still needs an address. */
const NO_OUTPUT: Output = { oper: 0n, index: 0 };

type Memory = Handle | ArrayBufferView | null;

/** TF_Status comes last, as in C, and is checked by the callers (status.ts). */
export interface CApi {
  version(): string;
  newStatus(): Handle;
  deleteStatus(status: Handle): void;
  statusCode(status: Handle): number;
  statusMessage(status: Handle): string;

  newGraph(): Handle;
  deleteGraph(graph: Handle): void;
  newOperation(graph: Handle, type: string, name: string): Handle;
  addInput(description: Handle, input: Output): void;
  addInputs(description: Handle, inputs: BigUint64Array, count: number): void;
  addControlInput(description: Handle, node: Handle): void;
  setString(description: Handle, name: string, value: string, length: number): void;
  setInt(description: Handle, name: string, value: number): void;
  setInts(description: Handle, name: string, values: BigInt64Array, count: number): void;
  setFloat(description: Handle, name: string, value: number): void;
  setFlag(description: Handle, name: string, value: number): void;
  setType(description: Handle, name: string, value: number): void;
  setShape(description: Handle, name: string, dims: BigInt64Array, rank: number): void;
  setTensor(description: Handle, name: string, tensor: Handle, status: Handle): void;
  finishOperation(description: Handle, status: Handle): Handle | null;
  operationName(operation: Handle): string;
  newBuffer(): Handle;
  deleteBuffer(buffer: Handle): void;
  graphToGraphDef(graph: Handle, buffer: Handle, status: Handle): void;

  allocateTensor(type: number, dims: BigInt64Array, rank: number, bytes: number): Handle;
  tensorData(tensor: Handle): Handle;
  tensorBytes(tensor: Handle): number;
  deleteTensor(tensor: Handle): void;
  copy(to: Memory, from: Memory, bytes: number): Handle;

  newSessionOptions(): Handle;
  deleteSessionOptions(options: Handle): void;
  setConfig(options: Handle, proto: Uint8Array, length: number, status: Handle): void;
  setTarget(options: Handle, target: string): void;
  newSession(graph: Handle, options: Handle, status: Handle): Handle | null;
  closeSession(session: Handle, status: Handle): void;
  deleteSession(session: Handle, status: Handle): void;
  listDevices(session: Handle, status: Handle): Handle | null;
  deviceCount(devices: Handle): number;
  deviceType(devices: Handle, index: number, status: Handle): string;
  deviceName(devices: Handle, index: number, status: Handle): string;
  deleteDevices(devices: Handle): void;

  newServer(definition: Uint8Array, length: number, status: Handle): Handle | null;
  startServer(server: Handle, status: Handle): void;
  serverTarget(server: Handle): string;

  readonly sessionRun: KoffiFunc<
    (
      session: Handle,
      runOptions: null,
      inputs: BigUint64Array,
      inputTensors: BigUint64Array,
      inputCount: number,
      outputs: BigUint64Array,
      outputTensors: BigUint64Array,
      outputCount: number,
      targets: BigUint64Array,
      targetCount: number,
      runMetadata: null,
      status: Handle,
    ) => void
  >;
}

const pointer = 'void *';
const output = koffi.struct({ oper: pointer, index: 'int' });

/** name here -> [name in C, result, arguments] */
const signatures = {
  version: ['TF_Version', 'str', []],
  newStatus: ['TF_NewStatus', pointer, []],
  deleteStatus: ['TF_DeleteStatus', 'void', [pointer]],
  statusCode: ['TF_GetCode', 'int', [pointer]],
  statusMessage: ['TF_Message', 'str', [pointer]],

  newGraph: ['TF_NewGraph', pointer, []],
  deleteGraph: ['TF_DeleteGraph', 'void', [pointer]],
  newOperation: ['TF_NewOperation', pointer, [pointer, 'str', 'str']],
  addInput: ['TF_AddInput', 'void', [pointer, output]],
  addInputs: ['TF_AddInputList', 'void', [pointer, pointer, 'int']],
  addControlInput: ['TF_AddControlInput', 'void', [pointer, pointer]],
  setString: ['TF_SetAttrString', 'void', [pointer, 'str', 'str', 'size_t']],
  setInt: ['TF_SetAttrInt', 'void', [pointer, 'str', 'int64_t']],
  setInts: ['TF_SetAttrIntList', 'void', [pointer, 'str', pointer, 'int']],
  setFloat: ['TF_SetAttrFloat', 'void', [pointer, 'str', 'float']],
  setFlag: ['TF_SetAttrBool', 'void', [pointer, 'str', 'uint8_t']],
  setType: ['TF_SetAttrType', 'void', [pointer, 'str', 'int']],
  setShape: ['TF_SetAttrShape', 'void', [pointer, 'str', pointer, 'int']],
  setTensor: ['TF_SetAttrTensor', 'void', [pointer, 'str', pointer, pointer]],
  finishOperation: ['TF_FinishOperation', pointer, [pointer, pointer]],
  operationName: ['TF_OperationName', 'str', [pointer]],
  newBuffer: ['TF_NewBuffer', pointer, []],
  deleteBuffer: ['TF_DeleteBuffer', 'void', [pointer]],
  graphToGraphDef: ['TF_GraphToGraphDef', 'void', [pointer, pointer, pointer]],

  allocateTensor: ['TF_AllocateTensor', pointer, ['int', pointer, 'int', 'size_t']],
  tensorData: ['TF_TensorData', pointer, [pointer]],
  tensorBytes: ['TF_TensorByteSize', 'size_t', [pointer]],
  deleteTensor: ['TF_DeleteTensor', 'void', [pointer]],
  copy: ['memcpy', pointer, [pointer, pointer, 'size_t']],

  newSessionOptions: ['TF_NewSessionOptions', pointer, []],
  deleteSessionOptions: ['TF_DeleteSessionOptions', 'void', [pointer]],
  setConfig: ['TF_SetConfig', 'void', [pointer, pointer, 'size_t', pointer]],
  setTarget: ['TF_SetTarget', 'void', [pointer, 'str']],
  newSession: ['TF_NewSession', pointer, [pointer, pointer, pointer]],
  closeSession: ['TF_CloseSession', 'void', [pointer, pointer]],
  deleteSession: ['TF_DeleteSession', 'void', [pointer, pointer]],
  listDevices: ['TF_SessionListDevices', pointer, [pointer, pointer]],
  deviceCount: ['TF_DeviceListCount', 'int', [pointer]],
  deviceType: ['TF_DeviceListType', 'str', [pointer, 'int', pointer]],
  deviceName: ['TF_DeviceListName', 'str', [pointer, 'int', pointer]],
  deleteDevices: ['TF_DeleteDeviceList', 'void', [pointer]],
  newServer: ['TF_NewServer', pointer, [pointer, 'size_t', pointer]],
  startServer: ['TF_ServerStart', 'void', [pointer, pointer]],
  serverTarget: ['TF_ServerTarget', 'str', [pointer]],
  sessionRun: [
    'TF_SessionRun',
    'void',
    [
      ...[pointer, pointer],
      ...[pointer, pointer, 'int'],
      ...[pointer, pointer, 'int'],
      ...[pointer, 'int'],
      ...[pointer, pointer],
    ],
  ],
} as const satisfies Record<
  keyof CApi,
  readonly [name: string, result: string, parameters: readonly (string | typeof output)[]]
>;

export function declareCApi(library: LibraryHandle): CApi {
  const functions = Object.entries(signatures).map(([here, [name, result, parameters]]) => [
    here,
    library.func(name, result, [...parameters]),
  ]);
  return Object.fromEntries(functions) as unknown as CApi;
}

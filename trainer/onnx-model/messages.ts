// The few messages of onnx.proto3 (ONNX IR version 8 and later) that our models are made of, with their field numbers.
// https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3
import { parse } from 'protobufjs';

const { root } = parse(`
  syntax = "proto3";
  package onnx;
  message AttributeProto {
    string name = 1;
    float f = 2;
    int64 i = 3;
    bytes s = 4;
    GraphProto g = 6;
    repeated int64 ints = 8;
    int32 type = 20;
  }
  message NodeProto {
    repeated string input = 1;
    repeated string output = 2;
    string name = 3;
    string op_type = 4;
    repeated AttributeProto attribute = 5;
    string domain = 7;
  }
  message TensorProto {
    repeated int64 dims = 1;
    int32 data_type = 2;
    string name = 8;
    bytes raw_data = 9;
  }
  message Dimension { oneof value { int64 dim_value = 1; string dim_param = 2; } }
  message TensorShapeProto { repeated Dimension dim = 1; }
  message Tensor { int32 elem_type = 1; TensorShapeProto shape = 2; }
  message TypeProto { Tensor tensor_type = 1; }
  message ValueInfoProto { string name = 1; TypeProto type = 2; string doc_string = 3; }
  message GraphProto {
    repeated NodeProto node = 1;
    string name = 2;
    repeated TensorProto initializer = 5;
    string doc_string = 10;
    repeated ValueInfoProto input = 11;
    repeated ValueInfoProto output = 12;
  }
  message OperatorSetIdProto { string domain = 1; int64 version = 2; }
  message StringStringEntryProto { string key = 1; string value = 2; }
  message ModelProto {
    int64 ir_version = 1;
    string producer_name = 2;
    GraphProto graph = 7;
    repeated OperatorSetIdProto opset_import = 8;
    repeated StringStringEntryProto metadata_props = 14;
  }
`);
const ModelProto = root.lookupType('onnx.ModelProto');

/** AttributeProto.AttributeType */
export const ATTRIBUTE = { float: 1, int: 2, text: 3, graph: 5, ints: 7 } as const;
/** TensorProto.DataType */
export const ELEMENT = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9 } as const;
export type ElementType = (typeof ELEMENT)[keyof typeof ELEMENT];

export interface OnnxAttribute {
  readonly name: string;
  readonly type: (typeof ATTRIBUTE)[keyof typeof ATTRIBUTE];
  readonly f?: number;
  readonly i?: number;
  readonly s?: Uint8Array;
  readonly g?: OnnxGraph;
  readonly ints?: readonly number[];
}

export interface OnnxNode {
  readonly opType: string;
  readonly name: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute: readonly OnnxAttribute[];
  /** Empty: ONNX's own operators. */
  readonly domain?: string;
}

export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dataType: ElementType;
  /** Little-endian. */
  readonly rawData: Uint8Array;
}

type Dimension = { readonly dimValue: number } | { readonly dimParam: string };

export interface OnnxValueInfo {
  readonly name: string;
  readonly docString?: string;
  readonly type: {
    readonly tensorType: {
      readonly elemType: ElementType;
      /** Without it the rank is free. */
      readonly shape?: { readonly dim: readonly Dimension[] };
    };
  };
}

export interface OnnxGraph {
  readonly name: string;
  readonly docString?: string;
  readonly node: readonly OnnxNode[];
  readonly initializer: readonly OnnxTensor[];
  readonly input: readonly OnnxValueInfo[];
  readonly output: readonly OnnxValueInfo[];
}

export interface OnnxModel {
  readonly irVersion: number;
  readonly producerName: string;
  readonly opsetImport: readonly { readonly domain: string; readonly version: number }[];
  readonly metadataProps: readonly { readonly key: string; readonly value: string }[];
  readonly graph: OnnxGraph;
}

export const encodeModel = (model: OnnxModel): Uint8Array =>
  ModelProto.encode(ModelProto.fromObject(model)).finish();

/** What of a model these messages know. Throws on bytes that are no protobuf message. */
export const decodeModel = (bytes: Uint8Array): OnnxModel =>
  ModelProto.toObject(ModelProto.decode(bytes), {
    longs: Number,
    defaults: true,
    oneofs: false,
  }) as OnnxModel;

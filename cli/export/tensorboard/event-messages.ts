// The few messages of TensorFlow's event files and of TensorBoard's hparams plugin that ours are made of, with their field numbers.
// https://github.com/tensorflow/tensorboard/tree/master/tensorboard/compat/proto, .../plugins/hparams/plugin_data.proto
import { parse } from 'protobufjs';

const { root } = parse(`
  syntax = "proto3";
  package tensorboard;
  message Event {
    double wall_time = 1;
    int64 step = 2;
    oneof what { string file_version = 3; Summary summary = 5; }
  }
  message Summary { repeated Value value = 1; }
  message Value {
    string tag = 1;
    oneof value { float simple_value = 2; Tensor tensor = 8; }
    SummaryMetadata metadata = 9;
  }
  message SummaryMetadata { PluginData plugin_data = 1; }
  message PluginData { string plugin_name = 1; bytes content = 2; }
  message Tensor { int32 dtype = 1; Shape tensor_shape = 2; }
  message Shape { repeated Dimension dim = 2; }
  message Dimension { int64 size = 1; }
  message HParamsPluginData {
    int32 version = 1;
    oneof data { SessionStartInfo session_start_info = 3; SessionEndInfo session_end_info = 4; }
  }
  message SessionStartInfo { map<string, HParam> hparams = 1; double start_time_secs = 5; }
  message SessionEndInfo { int32 status = 1; double end_time_secs = 2; }
  message HParam { oneof kind { double number_value = 2; string string_value = 3; } }
`);
const Event = root.lookupType('tensorboard.Event');
const HParams = root.lookupType('tensorboard.HParamsPluginData');

interface Summary {
  readonly tag: string;
  readonly simpleValue?: number;
  readonly tensor?: object;
  readonly metadata?: object;
}

export interface EventMessage {
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly step?: number;
  readonly fileVersion?: string;
  readonly summary?: { readonly value: readonly Summary[] };
}

export const encodeEvent = (event: EventMessage): Uint8Array =>
  Event.encode(Event.fromObject(event)).finish();

/** DT_FLOAT of no elements: the plugin looks at the metadata alone. */
const NOTHING = { dtype: 1, tensorShape: { dim: [{ size: 0 }] } };

/** Where the hparams plugin looks. */
export function hparamsSummary(tag: string, data: object): Summary {
  const content = HParams.encode(HParams.fromObject(data)).finish();
  const metadata = { pluginData: { pluginName: 'hparams', content } };
  return { tag: `_hparams_/${tag}`, tensor: NOTHING, metadata };
}

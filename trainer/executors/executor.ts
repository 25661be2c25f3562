// The port of the trainer's compute: an executor opens a session on a program, the session keeps the variables.
import type { HostDtype, Program, Shape } from '../program/index.ts';

export interface Tensor {
  readonly dtype: HostDtype;
  readonly shape: Shape;
  /** float32: Float32Array (the reference also takes and gives Float64Array); int32: Int32Array; uint8: Uint8Array */
  readonly data: Float32Array | Float64Array | Int32Array | Uint8Array;
}

export type Tensors = Readonly<Record<string, Tensor>>;

export interface SessionOptions {
  /** Threads of one operation; default: the machine's cores. */
  readonly threads?: number;
  /**
   * Whether the graph may be rewritten before its first run; default true. That takes a second and more a thousand operations, as
   * many as there are in a supernet, and makes its steps no faster. A library that cannot be told ignores it.
   */
  readonly rewrites?: boolean;
  /** Default: those of the manifest. */
  readonly device?: DeviceSettings;
}

/** `training.device` of a manifest (crds/v1alpha1/device.ts), which says what each is. */
export interface DeviceSettings {
  readonly xla: boolean;
  readonly deterministic: boolean;
  readonly tensorFloat32: boolean;
  readonly memory: 'growing' | 'whole';
}

export const USUAL_DEVICE: DeviceSettings = {
  xla: false,
  deterministic: false,
  tensorFloat32: false,
  memory: 'growing',
};

/** One call at a time: start the next `run` when the last has settled. */
export interface Session {
  /** Runs an entry off the event loop. Inputs must match the entry's names, dtypes and shapes, else ExecutorError. */
  run(entry: string, inputs: Tensors): Promise<Tensors>;
  /** Copies of the variables named, or of all. */
  read(names?: readonly string[]): Promise<Tensors>;
  write(values: Tensors): Promise<void>;
  close(): void;
  /** What computes: library, version, device. Printed at start and kept in the result. */
  readonly description: {
    readonly executor: string;
    readonly library: string;
    readonly device: string;
  };
}

export interface Executor {
  readonly name: string;
  open(program: Program, options?: SessionOptions): Promise<Session>;
}

/** Workers that train one network together, each in a process of its own. */
export interface Peers {
  /** This one's place, from 0. */
  readonly rank: number;
  /** host:port of each, by rank. */
  readonly addresses: readonly string[];
  /** Longest wait for the others. */
  readonly patienceMs: number;
}

/** Another worker is gone, or has not been heard for too long. The process is to end: what waits for others cannot be called off. */
export class PeerLostError extends Error {
  override readonly name = 'PeerLostError';
}

/** An executor that cannot start or a step that failed. The message says what to do. */
export class ExecutorError extends Error {
  override readonly name = 'ExecutorError';
}

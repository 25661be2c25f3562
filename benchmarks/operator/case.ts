// What a case of `make bench-operator` is.
import type { Range } from './driver-process.ts';
import type { Room } from './room.ts';

export interface Figures {
  readonly [name: string]: number | readonly number[] | Figures;
}

export interface Case {
  readonly name: string;
  /** In a sentence, for whoever reads the figures. */
  readonly what: string;
  readonly trials: number;
  /** Fake nodes of eight GPUs. */
  readonly nodes: number;
  readonly trainMs: Range;
  readonly audit: boolean;
  /** Of RoomOptions. */
  readonly heartbeats?: boolean;
  readonly held?: boolean;
  /** Begins with everything running but the operator. */
  measure(room: Room, trials: number): Promise<Figures>;
}

// A checkpoint: every variable, and where the loop stood, in one safetensors file that appears whole or not at all.
// Randomness needs no state of its own: all draws follow from (seed, epoch, step).
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { EpochMetrics, LayerAlignment } from '../../crds/index.ts';
import type { Tensors } from '../executors/index.ts';
import { decodeSafetensors, encodeSafetensors } from '../safetensors/index.ts';
import { type Writing, writeAtomically } from './atomic-file.ts';

/** Where the loop stands between two steps. */
export const LoopState = z.object({
  /** Epochs finished. */
  epoch: z.int().min(0),
  /** Steps finished in the running epoch. */
  step: z.int().min(0),
  /** Sums over the running epoch's steps. */
  running: z.object({ loss: z.number(), correct: z.number(), pictures: z.number() }),
  /** Wall time of training steps in the running epoch, and of everything, all attempts together. */
  epochSeconds: z.number(),
  seconds: z.number(),
  history: z.array(EpochMetrics),
  /** Accuracy of each path that was judged so far, once single paths are trained. */
  judged: z.record(z.string(), z.number()).optional(),
  /** As measured last. */
  alignment: z.object({ epoch: z.int().min(0), layers: z.array(LayerAlignment) }).optional(),
});
export type LoopState = z.infer<typeof LoopState>;

export interface Checkpoint {
  readonly variables: Tensors;
  readonly loop: LoopState;
  /** Hash of all that must not change between attempts: genotype, recipe, seed, data. */
  readonly identity: string;
}

/** A checkpoint that belongs to another trial. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
}

/** A checkpoint that is not what was written: cut short, overwritten, a bit that flipped. */
export class DamagedCheckpointError extends Error {
  override readonly name = 'DamagedCheckpointError';
}

/** Those before it stay beside it, where `keep` says so. */
export const saveCheckpoint = (
  path: string,
  checkpoint: Checkpoint,
  writing?: Writing,
): Promise<void> => writeAtomically(path, encodeCheckpoint(checkpoint), writing);

export const encodeCheckpoint = ({ variables, loop, identity }: Checkpoint): Uint8Array =>
  encodeSafetensors({
    tensors: variables,
    metadata: {
      format: 'bionas-checkpoint-1',
      identity,
      loop: JSON.stringify(loop),
      sha256: digest(variables, JSON.stringify(loop)),
    },
  });

/** The checkpoint at `path`, or undefined where there is none. @throws CheckpointError | DamagedCheckpointError */
export async function loadCheckpoint(
  path: string,
  identity: string,
): Promise<Checkpoint | undefined> {
  let file: Buffer;
  try {
    file = await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const { tensors, metadata } = decoded(file, path);
  if (metadata['identity'] !== identity)
    throw new CheckpointError(
      `${path} belongs to another trial or recipe: expected identity ${identity}, got ${metadata['identity']}; remove it to start over, and those before it (.1 and so on)`,
    );
  const loop = loopOf(metadata['loop'] ?? '', path);
  if (metadata['sha256'] !== digest(tensors, metadata['loop'] ?? ''))
    throw damaged(path, new Error('its content is not what its sha256 was taken of'));
  return { variables: tensors, loop, identity };
}

function decoded(file: Buffer, path: string): ReturnType<typeof decodeSafetensors> {
  try {
    return decodeSafetensors(file, path);
  } catch (cause) {
    throw damaged(path, cause);
  }
}

function loopOf(text: string, path: string): LoopState {
  try {
    return LoopState.parse(JSON.parse(text));
  } catch (cause) {
    throw damaged(path, cause);
  }
}

function damaged(path: string, cause: unknown): DamagedCheckpointError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DamagedCheckpointError(`${path} is damaged: ${reason}`, { cause });
}

function digest(variables: Tensors, loop: string): string {
  const hash = createHash('sha256').update(loop);
  for (const [name, { data }] of Object.entries(variables))
    hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return hash.digest('hex');
}

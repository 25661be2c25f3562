// A checkpoint: every variable, and where the loop stood, in one safetensors file that appears whole or not at all.
// Randomness needs no state of its own: all draws follow from (seed, epoch, step).
import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { EpochMetrics } from '../../crds/index.ts';
import type { Tensors } from '../executors/index.ts';
import { decodeSafetensors, encodeSafetensors } from '../safetensors/index.ts';

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
});
export type LoopState = z.infer<typeof LoopState>;

export interface Checkpoint {
  readonly variables: Tensors;
  readonly loop: LoopState;
  /** Hash of all that must not change between attempts: genotype, recipe, seed, data. */
  readonly identity: string;
}

/** A checkpoint that is damaged or belongs to another trial. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
}

/** Writes `bytes` so that after a crash at any moment `path` holds the old or the new content, never a part. */
export async function writeAtomically(path: string, bytes: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}.tmp`;
  const file = await open(temporary, 'w');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

export const saveCheckpoint = (
  path: string,
  { variables, loop, identity }: Checkpoint,
): Promise<void> =>
  writeAtomically(
    path,
    encodeSafetensors({
      tensors: variables,
      metadata: { format: 'bionas-checkpoint-1', identity, loop: JSON.stringify(loop) },
    }),
  );

/** The checkpoint at `path`, or undefined where there is none. */
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
  const { tensors, metadata } = decodeSafetensors(file, path);
  if (metadata['identity'] !== identity)
    throw new CheckpointError(
      `${path} belongs to another trial or recipe: expected identity ${identity}, got ${metadata['identity']}; remove it to start over`,
    );
  const loop = LoopState.parse(JSON.parse(metadata['loop'] ?? 'null'));
  return { variables: tensors, loop, identity };
}

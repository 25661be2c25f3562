// alignment.jsonl: a line an epoch that was measured, with the distance of every layer to backpropagation.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KEPT_FILES, type LayerAlignment } from '../../crds/index.ts';
import { writeAtomically } from './atomic-file.ts';
import type { LoopState } from './checkpoint.ts';

export const ALIGNMENT = KEPT_FILES.alignment;

interface Line {
  /** Epochs finished. */
  readonly epoch: number;
  readonly layers: readonly LayerAlignment[];
}

/** Writes down what the epoch that has just ended measured; whatever an earlier attempt wrote of later ones is dropped. */
export async function recordAlignment(
  directory: string,
  { epoch, step, alignment }: LoopState,
): Promise<boolean> {
  if (step > 0 || alignment?.epoch !== epoch) return false;
  const path = join(directory, ALIGNMENT);
  const before = await readFile(path, 'utf8').catch(() => '');
  const earlier = before.split('\n').filter((text) => isBefore(epoch, text));
  const line: Line = alignment;
  await writeAtomically(path, `${[...earlier, JSON.stringify(line)].join('\n')}\n`);
  return true;
}

function isBefore(epoch: number, text: string): boolean {
  try {
    return JSON.parse(text).epoch < epoch;
  } catch {
    return false;
  }
}

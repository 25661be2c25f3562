// A real trainer that is killed (SIGKILL) again and again, also while it writes a checkpoint: it loses an epoch at most, and ends
// with the very numbers of one that was not.
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, watch } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { decodeSafetensors } from '../../trainer/safetensors/index.ts';
import { realPictures } from '../builders/real-pictures.ts';
import { hasS3Server, type S3Server, startS3Server } from '../builders/s3-server.ts';
import { tensorFlow } from '../builders/tensorflow.ts';
import { makeRealTrial, makeWorkdir, TrainerProcess } from './trainer-process.ts';

const EPOCHS = 16;
const FOLDER = 'night/night-0-night-0-uid';
const FILE = 'checkpoint.safetensors';
const FEW = { ...realPictures, trainPictures: 160, validationPictures: 100 };

const makeTrial = (checkpoints: Record<string, unknown> = {}): string =>
  makeRealTrial({
    dataset: FEW,
    training: { epochs: EPOCHS, batchSize: 32 },
    fidelity: { epochs: EPOCHS },
    checkpoints,
  });

/** Bytes of every variable, by name. */
async function variablesIn(path: string): Promise<Record<string, string>> {
  const { tensors } = decodeSafetensors(await readFile(path), path);
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { data }]) => [
      name,
      Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
    ]),
  );
}

type Kill = (trainer: TrainerProcess, directory: string) => Promise<void>;

/** So long after the first of its epochs. */
const after =
  (ms: number): Kill =>
  async (trainer) => {
    await trainer.until('epoch');
    await delay(ms);
  };

/** While it writes a checkpoint, not its first. */
const atWrite: Kill = async (_trainer, directory) => {
  const begun = new Set<string>();
  await mkdir(directory, { recursive: true });
  const events = watch(directory, { signal: AbortSignal.timeout(60_000) });
  for await (const { filename } of events) {
    if (filename?.startsWith(FILE) && filename.endsWith('.tmp')) begun.add(filename);
    if (begun.size === 2) return;
  }
};

/** So long after there is one of its checkpoints in the bucket, however long uploads take on a busy machine. */
const afterUpload =
  (ms: number): Kill =>
  async (trainer, directory) => {
    let hasEnded = false;
    void trainer.exited.then(() => {
      hasEnded = true;
    });
    while (!hasEnded && !existsSync(join(directory, FILE))) await delay(5);
    await delay(ms);
  };

interface Life {
  /** That it said were over. */
  readonly epochs: readonly number[];
  readonly code: number | null;
}

async function live(
  trial: string,
  attempt: number,
  { kill, keptIn = '', env = {} }: { kill?: Kill; keptIn?: string; env?: S3Server['env'] } = {},
): Promise<Life> {
  const trainer = new TrainerProcess(trial, await makeWorkdir(), attempt, env);
  if (kill !== undefined) {
    await kill(trainer, keptIn);
    trainer.child.kill('SIGKILL');
  }
  const code = await trainer.exited;
  const epochs = trainer.reports.flatMap(({ body }) =>
    body.kind === 'epoch' ? [body.metrics.epoch] : [],
  );
  return { epochs, code };
}

let known: Record<string, string> | undefined;
/** What it ends with where nobody kills it. */
async function straight(): Promise<Record<string, string>> {
  if (known !== undefined) return known;
  const place = await makeWorkdir();
  expect((await live(makeTrial({ place }), 0)).code).toBe(0);
  known = await variablesIn(join(place, FOLDER, FILE));
  return known;
}

const moments = [1, 2, 3].map(() => Math.round(100 * Math.random()));

describe.skipIf(tensorFlow === undefined || realPictures === undefined)(
  `a trainer that is killed, also ${moments.join(', ')} ms after an epoch,`,
  () => {
    const [first = 0, second = 0, third = 0] = moments;

    test('goes on from a directory that stays, and loses an epoch at most', async () => {
      const place = await makeWorkdir();
      const trial = makeTrial({ place });
      const keptIn = join(place, FOLDER);
      let last = 0;
      for (const [attempt, kill] of [atWrite, after(first)].entries()) {
        const { epochs, code } = await live(trial, attempt, { kill, keptIn });
        expect(code).toBeNull();
        expect(epochs[0] ?? last).toBeGreaterThanOrEqual(last);
        last = epochs.at(-1) ?? last;
      }
      const { epochs, code } = await live(trial, 2);
      expect([code, epochs.at(-1)]).toEqual([0, EPOCHS]);
      expect(epochs[0]).toBeGreaterThanOrEqual(last);
      expect(await variablesIn(join(keptIn, FILE))).toEqual(await straight());
      const files = await readdir(keptIn);
      expect(files.filter((name) => name.startsWith(FILE)).sort()).toEqual([FILE, `${FILE}.1`]);
    });

    test.skipIf(!hasS3Server)('goes on from a bucket, in another directory each time', async () => {
      await using server = await startS3Server('runs');
      const { env } = server;
      const trial = makeTrial({ place: 's3://runs' });
      const kept = join(server.directory, 'runs', FOLDER);
      for (const [attempt, kill] of [afterUpload(second), after(third)].entries())
        await live(trial, attempt, { kill, keptIn: kept, env });
      const { epochs, code } = await live(trial, 2, { env });
      expect(code).toBe(0);
      expect(epochs).not.toContain(1);
      expect(await variablesIn(join(kept, FILE))).toEqual(await straight());
      expect(await readdir(kept)).toEqual(
        expect.arrayContaining([FILE, `${FILE}.1`, 'result.json']),
      );
    });
  },
);

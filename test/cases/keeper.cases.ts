// What every place that a trial's files are kept in promises, whatever it is made of. Called once a member.
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import * as fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { type Disk, writeAtomically } from '../../trainer/training/atomic-file.ts';
import { saveCheckpoint } from '../../trainer/training/checkpoint.ts';
import { type Keeper, restoreMissing } from '../../trainer/training/index.ts';
import { restoreCheckpoint } from '../../trainer/training/restore-checkpoint.ts';
import { FIRST } from '../../trainer/training/train.ts';
import { makeTensor } from '../builders/tensors.ts';

export interface KeptTrainer {
  readonly keeper: Keeper;
  /** Where its checkpoint lies. */
  readonly path: string;
  readonly log: string[];
  /** Where it writes. */
  readonly disk?: Disk;
}

/** A place with nothing in it. */
export interface KeptPlace {
  /** Of an attempt at one trial. `killedAfter`: of what it does to the place so much happens, the last of it by half, and no more. */
  makeTrainer(how: {
    readonly attempt: number;
    readonly keep: number;
    readonly killedAfter?: number;
  }): Promise<KeptTrainer>;
  /** Flips a bit of the version that was kept so many before the last, behind the back of whatever keeps it. */
  damage(file: string, age: number): Promise<void>;
  /** How much trainers have done to the place, in the measure of `killedAfter`. */
  done(): number;
}

const FILE = 'checkpoint.safetensors';
const IDENTITY = 'abc';
/** Numbers: more than one chunk of NATS. */
const SIZE = 40_000;

const checkpointOf = (epoch: number) => ({
  variables: { w: makeTensor([SIZE], epoch) },
  loop: { ...FIRST, epoch },
  identity: IDENTITY,
});

/** `runs`: lives that are ended, by chance at any moment; `damagedRuns`: of those that begin with a damaged version. */
export function keeperCases(
  makePlace: () => Promise<KeptPlace>,
  runs: number,
  damagedRuns = runs,
): void {
  let place: KeptPlace;
  beforeEach(async () => {
    place = await makePlace();
  });
  const begin = (attempt: number, keep = 2) => place.makeTrainer({ attempt, keep });

  async function save({ path, keeper, disk }: KeptTrainer, epoch: number, keep = 2) {
    await saveCheckpoint(path, checkpointOf(epoch), disk === undefined ? { keep } : { keep, disk });
    return keeper.keep(path);
  }
  async function epochOf({ path, keeper, log }: KeptTrainer, keep = 2) {
    const say = (line: string) => void log.push(line);
    const restoring = { path, identity: IDENTITY, keeper, keep, log: say };
    const found = await restoreCheckpoint(restoring);
    if (found !== undefined) expect(found).toEqual(checkpointOf(found.loop.epoch));
    return found?.loop.epoch;
  }

  test.each([0, 1, 300_017])('a file of %i bytes is there for the next attempt', async (size) => {
    const content = randomBytes(size);
    const first = await begin(0);
    await writeAtomically(first.path, content);
    expect(await first.keeper.keep(first.path)).toMatch(/checkpoint\.safetensors$/);
    const second = await begin(1);
    await restoreMissing(second.keeper, second.path, () => {});
    expect((await readFile(second.path)).equals(content)).toBe(true);
  });

  test('what is there already is left alone, and what was never kept is not made', async () => {
    const second = await begin(1);
    await restoreMissing(second.keeper, second.path, () => {});
    await expect(readFile(second.path)).rejects.toThrow('ENOENT');
    expect(await epochOf(second)).toBeUndefined();
    await writeFile(second.path, 'own');
    await restoreMissing(second.keeper, second.path, () => {});
    expect(await readFile(second.path, 'utf8')).toBe('own');
  });

  test('the last checkpoint is gone on from, offered or kept', async () => {
    const first = await begin(0);
    for (const epoch of [1, 2, 3, 4]) await save(first, epoch);
    await saveCheckpoint(first.path, checkpointOf(5), { keep: 2 });
    first.keeper.offer(first.path);
    await first.keeper.keep(first.path);
    expect(await epochOf(await begin(1))).toBe(5);
  });

  test.each([2, 3])(
    'of %i versions, the one before a damaged one is gone on from',
    async (keep) => {
      const first = await begin(0, keep);
      for (const epoch of [1, 2, 3, 4, 5]) await save(first, epoch, keep);
      await place.damage(FILE, 0);
      const next = await begin(1, keep);
      expect(await epochOf(next, keep)).toBe(4);
      expect(next.log.join('\n')).toMatch(
        /checkpoint\.safetensors.*; the checkpoint before it is looked/,
      );
      // It takes the place of the damaged one: one more save does not leave that alone.
      await next.keeper.keep(next.path);
      await save(next, 6, keep);
      await place.damage(FILE, 0);
      expect(await epochOf(await begin(2, keep), keep)).toBe(4);
    },
  );

  test.each([1, 2])('where all %i are damaged, training starts over', async (keep) => {
    const first = await begin(0, keep);
    for (const epoch of [1, 2, 3]) await save(first, epoch, keep);
    for (let age = 0; age < keep; age += 1) await place.damage(FILE, age);
    const next = await begin(1, keep);
    expect(await epochOf(next, keep)).toBeUndefined();
    expect(next.log.join('\n')).toContain('no checkpoint is whole: training starts over');
  });

  test('whoever is killed at any moment of writing loses no more than what was being written', async () => {
    const whole = await begin(0);
    const before = place.done();
    for (const epoch of [1, 2, 3, 4]) await save(whole, epoch);
    const all = place.done() - before;
    expect(all).toBeGreaterThan(8);
    await fc.assert(
      fc.asyncProperty(fc.nat(all - 1), fc.constantFrom(2, 3), async (killedAfter, keep) => {
        place = await makePlace();
        const killed = await place.makeTrainer({ attempt: 0, keep, killedAfter });
        let kept = 0;
        for (const epoch of [1, 2, 3, 4]) {
          const where = await save(killed, epoch, keep).catch(() => undefined);
          if (where === undefined) break;
          kept = epoch;
        }
        const next = await begin(1, keep);
        const found = (await epochOf(next, keep)) ?? 0;
        expect([kept, kept + 1]).toContain(found);
        // Nothing half written was ever in anybody's sight.
        expect(next.log.join()).not.toContain('is looked for');
        // And it goes on.
        await save(next, 9, keep);
        expect(await epochOf(await begin(2, keep), keep)).toBe(9);
      }),
      { numRuns: runs },
    );
  });

  /** A trainer that goes on from what is kept, and keeps `epoch` after it. */
  async function live(trainer: KeptTrainer, epoch: number, keep: number) {
    const from = await epochOf(trainer, keep).catch(() => undefined);
    await trainer.keeper.keep(trainer.path);
    const where = await save(trainer, epoch, keep).catch(() => undefined);
    return { from, isKept: where !== undefined };
  }
  async function makeDamaged(keep: number) {
    place = await makePlace();
    const first = await begin(0, keep);
    for (const epoch of [1, 2, 3, 4]) await save(first, epoch, keep);
    await place.damage(FILE, 0);
    return place.done();
  }

  test('where the newest is damaged, attempts that are killed at any moment, one after the other, leave a whole one', async () => {
    const before = await makeDamaged(2);
    expect(await live(await begin(1), 5, 2)).toEqual({ from: 3, isKept: true });
    const all = place.done() - before;
    const lives = fc.array(fc.nat(all), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(lives, fc.constantFrom(2, 3), async (moments, keep) => {
        await makeDamaged(keep);
        let kept = 3;
        for (const [i, killedAfter] of moments.entries()) {
          const trainer = await place.makeTrainer({ attempt: i + 1, keep, killedAfter });
          const { from = kept, isKept } = await live(trainer, 5 + i, keep);
          expect(from).toBeGreaterThanOrEqual(kept);
          kept = isKept ? 5 + i : kept;
        }
        expect((await epochOf(await begin(9, keep), keep)) ?? 0).toBeGreaterThanOrEqual(kept);
      }),
      { numRuns: damagedRuns },
    );
  });

  test('readers see one version whole, while others are kept', async () => {
    const writer = await begin(0);
    await save(writer, 1);
    let isDone = false;
    const writing = (async () => {
      for (let epoch = 2; epoch < 20; epoch += 1) await save(writer, epoch);
      isDone = true;
    })();
    const seen: number[] = [];
    while (!isDone) seen.push((await epochOf(await begin(1))) ?? 0);
    await writing;
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen[0]).toBeGreaterThan(0);
  });
}

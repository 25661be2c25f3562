// Every algorithm and every scheduler of the contract carries a search to its end on a real control plane, its results over a
// real NATS. Trainers are simulated: that each trains well is the e2e tests' to say.
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  ALGORITHM_NAMES,
  type AlgorithmName,
  isSupernetText,
  Scheduling,
  type Trial,
} from '../../../crds/index.ts';
import { proposesNetworks } from '../../builders/search.ts';
import type { SearchRoom, SearchWish } from './search-room.ts';
import { type StaffedRoom, staffRoom } from './staffed-room.ts';

const SCHEDULERS = Scheduling.shape.name.unwrap().options.filter((name) => name !== 'none');
const TRIALS = 9;
const EPOCHS = 9;

let room: SearchRoom;
let staffed: StaffedRoom;

function wishOf(name: AlgorithmName): SearchWish {
  const algorithm = { name };
  if (proposesNetworks(name)) return { name, trials: TRIALS, parallelism: 3, spec: { algorithm } };
  const searchSpace = { kind: 'darts', conversion: 'partial', cells: 3, channels: 8 };
  const spec = { algorithm, searchSpace, training: { epochs: 50 }, final: { topK: 1 } };
  return { name, trials: 2, parallelism: 2, spec };
}

beforeAll(async () => {
  staffed = await staffRoom();
  ({ room } = staffed);
  for (const name of ALGORITHM_NAMES) await room.apply(wishOf(name));
  for (const name of SCHEDULERS) {
    const spec = { scheduling: { name }, training: { epochs: EPOCHS } };
    await room.apply({ name, trials: TRIALS, parallelism: 3, spec });
  }
});

afterAll(() => staffed?.[Symbol.asyncDispose]());

const trialsOf = (search: string): Promise<readonly Trial[]> => room.trials(search);

test.each(ALGORITHM_NAMES)('a search by %s ends with all it proposed', async (name) => {
  const status = await room.ended(name, 150_000);
  const { trials } = wishOf(name);
  expect(status).toMatchObject({
    phase: 'Completed',
    trials: { proposed: trials, succeeded: trials, failed: 0, running: 0 },
  });
  const texts = (await trialsOf(name)).map(({ spec }) => spec.genotype);
  expect(new Set(texts).size).toBe(texts.length);
  // Whatever a supernet's text is, what it is ranked by and retrained is the network that it derived.
  expect(status.best.some(({ genotype }) => isSupernetText(genotype))).toBe(false);
  expect(status.final).toHaveLength(proposesNetworks(name) ? 0 : 1);
});

test.each(SCHEDULERS)('a search under %s ends with all it began', async (name) => {
  const status = await room.ended(name, 150_000);
  expect(status).toMatchObject({
    phase: 'Completed',
    trials: { proposed: TRIALS, succeeded: TRIALS, failed: 0, running: 0 },
  });
  const trials = await trialsOf(name);
  if (status.rungs === undefined) {
    // A rule that stops travels with the trial: of medians, once there are others to compare with.
    expect(trials.at(-1)?.spec.stopping).toBeDefined();
    return;
  }
  expect(status.rungs.at(-1)).toMatchObject({ epochs: EPOCHS });
  const came = status.rungs.reduce((sum, rung) => sum + rung.trials, 0);
  const promoted = status.rungs.reduce((sum, rung) => sum + rung.promoted, 0);
  // Every trial comes to the rung it begins at, and to one more for each promotion.
  expect(came).toBe(TRIALS + promoted);
  expect(promoted).toBeGreaterThan(0);
});

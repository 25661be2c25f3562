// A search of 10,000 trials on a real control plane and NATS, with nodes and trainers that are simulated: nothing is lost, made
// twice or held on to. Costs are told by their course, not by the clock, which depends on the machine.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { storedIn } from '../../benchmarks/operator/etcd.ts';
import { Room } from '../../benchmarks/operator/room.ts';
import {
  costByFifths,
  rateOf,
  runSearch,
  type SearchRun,
} from '../../benchmarks/operator/search-run.ts';

const TRIALS = 10_000;
const MOST_MEGABYTES = 400;
const LARGEST_OBJECT = 64 * 1024;

describe(`a search of ${TRIALS} trials`, () => {
  let room: Room;
  let run: SearchRun;
  beforeAll(async () => {
    room = await Room.start({ nodes: 16, trainMs: [0, 0], audit: false, nodeFlags: [] });
    await room.startOperator();
  });
  afterAll(() => room?.stop());

  test('comes to its end, with as many results as trials', async () => {
    run = await runSearch(room, {
      trials: TRIALS,
      parallelism: 100,
      spec: { searchSpace: { kind: 'darts', cells: 8, channels: 16, conversion: 'full' } },
    });
    console.log(`${rateOf(run)} trials a second`);
    expect(room.driver.count('trial')).toBe(TRIALS);
    expect(room.driver.count('result')).toBe(TRIALS);
  });

  test('takes no more of the processor for the last trials than for the first', () => {
    const [first = 0, ...others] = costByFifths(run);
    console.log(`operator, CPU-ms a trial by fifths: ${[first, ...others].join(', ')}`);
    expect(others.at(-1)).toBeLessThan(1.5 * first);
  });

  test('takes memory that does not grow with it', () => {
    const half = Math.floor(run.samples.length / 2);
    const peaks = [run.samples.slice(1, half), run.samples.slice(half)].map((part) =>
      Math.max(...part.map(({ operatorMegabytes }) => operatorMegabytes)),
    );
    const [before = 0, after] = peaks;
    console.log(`operator, MB at most in each half: ${peaks.map(Math.round).join(', ')}`);
    expect(run.peakMegabytes).toBeLessThan(MOST_MEGABYTES);
    expect(after).toBeLessThan(1.5 * before);
  });

  test('leaves no object that is large', async () => {
    const { largestBytes } = await storedIn(room.plane.etcdUrl);
    console.log(`largest objects, bytes: ${JSON.stringify(largestBytes)}`);
    for (const bytes of Object.values(largestBytes)) expect(bytes).toBeLessThan(LARGEST_OBJECT);
  });
});

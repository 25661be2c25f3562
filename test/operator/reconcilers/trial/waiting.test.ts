// Waits that end: too long without a node, an image, a start or a word, and the place of a trial that was held back.
import { describe, expect, test } from 'vitest';
import { makePod, makeSearch, makeTrial } from '../../../builders/objects.ts';
import { reconcile, World } from '../world.ts';

const HOUR = 3_600_000;

async function worldWith(trial: ReturnType<typeof makeTrial>, pod: ReturnType<typeof makePod>) {
  const world = new World();
  world.searches.put({ object: makeSearch({ budget: { trials: 9 }, parallelism: 3 }) });
  world.trials.put(trial);
  world.pods.put(pod);
  const reconciler = world.trialReconciler();
  return { world, look: () => reconcile(reconciler, 'night-0') };
}

const statusOf = (world: World) => world.trials.objects.get('default/night-0')?.status;

describe('a trainer that says nothing', () => {
  test('loses its Pod and an attempt', async () => {
    const { world, look } = await worldWith(makeTrial().running(), makePod().running());
    await world.clock.advance(HOUR / 2);
    await look();
    expect(world.calls).toEqual(['delete Pod night-0-0', 'status of Trial night-0']);
    expect(statusOf(world)).toMatchObject({ attempt: 1, retries: 1 });
  });

  test('with no attempt left ends its trial, which says why', async () => {
    const trial = makeTrial().afterRetries(1).running();
    const { world, look } = await worldWith(trial, makePod().running());
    await world.clock.advance(HOUR / 2);
    await look();
    const failed = statusOf(world)?.conditions.find(({ type }) => type === 'Failed');
    expect(failed).toMatchObject({ status: 'True', reason: 'Silent' });
    expect(failed?.message).toMatch(/no report for 1800 s \(given up after 1800 s\)/);
  });

  test('is not what a clock that was set, or a machine that slept, makes of one', async () => {
    const { world, look } = await worldWith(makeTrial().running(), makePod().running());
    await world.clock.advance(HOUR / 4);
    for (const by of [-10 * HOUR, 20 * HOUR]) {
      world.clock.step(by);
      expect(await look()).toEqual({ requeueAfter: HOUR / 2 });
    }
    expect(world.calls).toEqual([]);
    await world.clock.advance(HOUR / 2);
    await look();
    expect(world.calls).toEqual(['delete Pod night-0-0', 'status of Trial night-0']);
    expect(statusOf(world)?.deviceSeconds).toBe(HOUR / 2 / 1000);
  });

  test('is looked at again when its time is over', async () => {
    const { look } = await worldWith(makeTrial().running(), makePod().running());
    expect(await look()).toEqual({ requeueAfter: HOUR / 2 });
  });
});

describe('lowered parallelism', () => {
  const numbered = (index: number, status = makeTrial().object.status) => {
    const { object } = makeTrial({ index });
    const resourceVersion = status === undefined ? '1' : '2';
    const name = `night-${index}`;
    const metadata = { ...object.metadata, name, uid: `${name}-uid`, resourceVersion };
    return { object: { ...object, metadata, ...(status && { status }) } };
  };

  async function three() {
    const world = new World();
    world.searches.put({ object: makeSearch({ budget: { trials: 9 }, parallelism: 2 }) });
    for (const index of [0, 1, 2]) world.trials.put(numbered(index));
    const reconciler = world.trialReconciler();
    for (const index of [0, 1, 2]) await reconcile(reconciler, `night-${index}`);
    return { world, reconciler };
  }

  test('lets the oldest go on and holds the youngest back', async () => {
    const { world } = await three();
    expect([...world.pods.objects.keys()]).toEqual(['default/night-0-0', 'default/night-1-0']);
    const condition = world.trials.objects.get('default/night-2')?.status?.conditions[0];
    expect(condition).toMatchObject({ reason: 'Suspended', message: 'parallelism is 2 now' });
  });

  test('gives its place back when an older trial has ended', async () => {
    const { world, reconciler } = await three();
    world.trials.put(numbered(0, makeTrial().succeeded().object.status));
    await reconcile(reconciler, 'night-2');
    expect(world.pods.objects.has('default/night-2-0')).toBe(true);
  });
});

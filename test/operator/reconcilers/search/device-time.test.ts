// A search under budget.gpuHours: what it reserves before a trial starts, and what it does when a trial takes more.
import { describe, expect, test } from 'vitest';
import { makeResult, makeTrial } from '../../../builders/objects.ts';
import { many, SearchWorld } from './search-world.ts';

/** An epoch each; a budget of 100 seconds. */
const spec = (more: Record<string, unknown> = {}) => ({
  ...many,
  training: { epochs: 1 },
  budget: { trials: 9, gpuHours: 100 / 3600 },
  ...more,
});

const epoch = { loss: 1, accuracy: 0, learningRate: 1, seconds: 1, picturesPerSecond: 1 };

/** After so many epochs. */
const trained = (epochs = 1) => ({
  ...makeResult({ seconds: 0 }),
  epochs: [{ ...epoch, epoch: epochs }],
});

function end(world: SearchWorld, index: number, deviceSeconds: number): void {
  world.end(`night-000${index}`, { deviceSeconds, result: trained() });
}

const runs = (world: SearchWorld, name: string, since = 0) =>
  world.change(world.trials, name, { status: makeTrial().waiting().running(since).object.status! });

const why = (world: SearchWorld) =>
  world.status.conditions.find(({ type }) => type === 'Ready')?.message;

const cancelled = (world: SearchWorld) =>
  [...world.trials.objects.values()]
    .filter(({ spec: { cancel } }) => cancel !== undefined)
    .map(({ metadata }) => metadata.name);

describe('before a trial starts', () => {
  test('nothing is known of the first, so it is alone', async () => {
    const world = new SearchWorld(spec());
    await world.reconcile();
    expect(world.names).toEqual(['night-0000']);
    expect(why(world)).toMatch(/^0.0278 of 0.0277\d* gpuHours are used or reserved for 1 outstand/);
    expect(world.status.reservedDeviceSeconds).toBe(100);
  });

  test('what the longest took is reserved for each, so as many start as fit', async () => {
    const world = new SearchWorld(spec());
    await world.reconcile();
    end(world, 0, 30);
    await world.clock.advance(1000);
    await world.reconcile();
    expect(world.names).toHaveLength(3);
    expect(why(world)).toMatch(/reserved for 2 outstanding trials, one more needs 0.0083$/);
    expect(world.status).toMatchObject({ deviceSeconds: 30, reservedDeviceSeconds: 60 });
  });

  test('a search ends when what is left is too little for one more', async () => {
    const world = new SearchWorld(spec({ parallelism: 1 }));
    for (const index of [0, 1, 2]) {
      await world.reconcile();
      end(world, index, 30);
    }
    await world.reconcile();
    expect(world.why('Completed')).toBe('True BudgetSpent');
    expect(world.status.deviceSeconds).toBe(90);
  });

  test('devices count: two GPUs spend twice', async () => {
    const gpus = {
      containers: [{ name: 'trainer', resources: { limits: { 'nvidia.com/gpu': 2 } } }],
    };
    const world = new SearchWorld(spec({ trialTemplate: { spec: gpus } }));
    await world.reconcile();
    runs(world, 'night-0000');
    await world.clock.advance(10_000);
    expect(await world.reconcile()).toEqual({ requeueAfter: 40_000 });
  });

  test('a larger budget goes on, a restart comes to the same', async () => {
    const world = new SearchWorld(spec());
    await world.reconcile();
    end(world, 0, 60);
    await world.reconcile();
    world.restart();
    await world.reconcile();
    expect(world.why('Completed')).toBe('True BudgetSpent');
    const other = new SearchWorld(spec());
    await other.reconcile();
    end(other, 0, 40);
    await other.reconcile();
    other.restart();
    await other.reconcile();
    expect(other.names).toHaveLength(2);
    other.edit(spec({ budget: { trials: 9, gpuHours: 1 } }));
    await other.reconcile();
    expect(other.names).toHaveLength(4);
  });
});

describe('a trial that takes longer than was reserved', () => {
  async function two() {
    const world = new SearchWorld(spec({ parallelism: 2 }));
    await world.reconcile();
    end(world, 0, 30);
    await world.reconcile();
    runs(world, 'night-0001');
    runs(world, 'night-0002');
    return world;
  }

  test('lives on what is left over, then ends for the others', async () => {
    const world = await two();
    // 10 of 100 seconds are nobody's: 30 were used, 30 are reserved for each.
    world.change(world.trials, 'night-0002', { status: makeTrial().waiting().object.status! });
    expect(await world.reconcile()).toEqual({ requeueAfter: 1000 });
    await world.clock.advance(30_000);
    expect(await world.reconcile()).toEqual({ requeueAfter: 10_000 });
    expect(cancelled(world)).toEqual([]);
    await world.clock.advance(10_000);
    await world.reconcile();
    expect(cancelled(world)).toEqual(['night-0001']);
    expect(world.trials.objects.get('default/night-0001')?.spec.cancel).toMatch(/gpuHours .* left/);
  });

  test('is told once to end, and is no failure that counts', async () => {
    const world = await two();
    await world.clock.advance(40_000);
    await world.reconcile();
    expect(cancelled(world)).toEqual(['night-0001', 'night-0002']);
    const { length } = world.calls.filter((call) => call.startsWith('patch Trial'));
    await world.reconcile();
    expect(world.calls.filter((call) => call.startsWith('patch Trial'))).toHaveLength(length);
    const budget = { trials: 9, gpuHours: 100 / 3600, failedTrials: 0 };
    world.edit(spec({ parallelism: 2, budget }));
    for (const name of ['night-0001', 'night-0002']) {
      world.end(name, { failed: true, deviceSeconds: 35 });
      const { status } = world.trials.objects.get(`default/${name}`)!;
      const conditions = status!.conditions.map((each) => ({ ...each, reason: 'BudgetSpent' }));
      world.change(world.trials, name, { status: { ...status!, conditions } });
    }
    await world.reconcile();
    expect(world.why('Completed')).toBe('True BudgetSpent');
    expect(world.status.trials).toMatchObject({ succeeded: 1, failed: 2 });
  });

  test('is the first of all: it ends with the budget, and so does the search', async () => {
    const world = new SearchWorld(spec());
    await world.reconcile();
    runs(world, 'night-0000');
    await world.clock.advance(1_000);
    expect(await world.reconcile()).toEqual({ requeueAfter: 99_000 });
    await world.clock.advance(99_000);
    await world.reconcile();
    expect(cancelled(world)).toEqual(['night-0000']);
  });
});

describe('the final stage', () => {
  const final = { topK: 2, training: { epochs: 2 } };
  const dataset = { name: 'fashion-mnist', trainPictures: 60_000 - 5000, validationPictures: 5000 };

  test('is reserved for while the search goes on, half of the budget at most', async () => {
    const world = new SearchWorld(spec({ final, dataset }));
    await world.reconcile();
    end(world, 0, 10);
    await world.clock.advance(1000);
    await world.reconcile();
    // 2 networks, 2 epochs, 60,000 of 55,000 pictures.
    expect(world.status.reservedDeviceSeconds).toBe(30 + 43.6);
    expect(world.names).toHaveLength(4);
  });

  test('begins one trial alone, then what fits, and ends where nothing more does', async () => {
    const world = new SearchWorld(
      spec({ final: { ...final, seeds: 3 }, budget: { trials: 3, gpuHours: 100 / 3600 } }),
    );
    for (const index of [0, 1, 2]) {
      await world.reconcile();
      end(world, index, 5);
    }
    await world.reconcile();
    expect(world.names.slice(3)).toEqual(['night-final-0']);
    world.end('night-final-0', {
      deviceSeconds: 30,
      result: { ...trained(2), metrics: { ...trained(2).metrics, testAccuracy: 0.9 } },
    });
    await world.reconcile();
    expect(world.names.slice(4)).toEqual(['night-final-1']);
    world.end('night-final-1', { deviceSeconds: 30, result: trained(2) });
    await world.reconcile();
    expect(world.why('Completed')).toBe('True BudgetSpent');
    const { message } = world.status.conditions.find(({ type }) => type === 'Completed') ?? {};
    expect(message).toMatch(
      /3 of 3 trials were used; the final stage was cut short: .* needs 0.0083/,
    );
    expect(world.status.deviceSeconds).toBe(75);
  });
});

test('a paused trial is promoted only where the rest of its way fits', async () => {
  const scheduling = { name: 'asha', eta: 2 };
  const world = new SearchWorld(
    spec({
      scheduling,
      training: { epochs: 4 },
      parallelism: 1,
      budget: { trials: 9, gpuHours: 30 / 3600 },
    }),
  );
  for (const index of [0, 1]) {
    await world.reconcile();
    const name = `night-000${index}`;
    const rung = {
      epochs: 1,
      attempt: 0,
      time: new Date(world.clock.now()).toISOString(),
      metrics: makeResult().metrics,
    };
    const { status } = makeTrial()
      .waiting()
      .used(index === 0 ? 10 : 12).object;
    world.change(world.trials, name, { status: { ...status!, result: trained(), rungs: [rung] } });
    await world.clock.advance(1000);
  }
  await world.reconcile();
  // One of two goes on by eta, to 2 epochs: at 12 an epoch that takes another 12 or 14, and 8 are left.
  expect(world.history.map((record) => ('kind' in record ? record.kind : 'end'))).toEqual([
    'pause',
    'pause',
  ]);
  expect(world.history[1]).toMatchObject({ deviceSeconds: 12 });
  world.edit(
    spec({
      scheduling,
      training: { epochs: 4 },
      parallelism: 1,
      budget: { trials: 9, gpuHours: 1 },
    }),
  );
  await world.reconcile();
  expect(world.history.at(-1)).toMatchObject({ kind: 'promotion' });
});

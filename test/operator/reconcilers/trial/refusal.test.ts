// A Pod that the API server does not let be made.
import { describe, expect, test } from 'vitest';
import { ForbiddenError } from '../../../../operator/runtime/index.ts';
import { worldOf } from './trial-world.ts';

describe('a Pod', () => {
  test('that nobody may make for now is tried again for a day, and the trial says why', async () => {
    const world = worldOf();
    world.fate = (call) => {
      if (call.startsWith('create Pod')) throw new ForbiddenError('violates PodSecurity');
      return 'go';
    };
    expect(await world.reconcile()).toEqual({ requeueAfter: 15_000 });
    expect(await world.reconcile()).toEqual({ requeueAfter: 15_000 });
    expect(world.conditions).toEqual({ Running: 'False Refused' });
    expect(world.status.conditions[0]?.message).toMatch(/tried again: violates PodSecurity$/);
    expect(world.calls.filter((call) => call.startsWith('status'))).toHaveLength(1);

    await world.clock.advance(86_400_000);
    await world.reconcile();
    expect(world.conditions).toEqual({ Running: 'False Refused', Failed: 'True Refused' });
  });

  test('that is refused after two days of something else has its day all the same', async () => {
    const world = worldOf();
    world.suspend(true);
    await world.reconcile();
    expect(world.conditions).toEqual({ Running: 'False Suspended' });
    await world.clock.advance(2 * 86_400_000);
    world.suspend(false);
    world.fate = (call) => {
      if (call.startsWith('create Pod')) throw new ForbiddenError('exceeded quota');
      return 'go';
    };
    for (let i = 0; i < 3; i += 1)
      expect(await world.reconcile()).toEqual({ requeueAfter: 15_000 });
    expect(world.conditions).toEqual({ Running: 'False Refused' });
  });

  test('that was refused and may be made then is', async () => {
    const world = worldOf();
    let full = true;
    world.fate = (call) => {
      if (full && call.startsWith('create Pod')) throw new ForbiddenError('exceeded quota');
      return 'go';
    };
    await world.reconcile();
    full = false;
    await world.reconcile();
    expect([...world.pods.objects.keys()]).toEqual(['default/night-0-0']);
  });
});

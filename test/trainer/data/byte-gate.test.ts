// The bound on what is in memory at once: kept, in order, and everybody gets in.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createByteGate } from '../../../trainer/data/byte-gate.ts';

const MOST = 100;
const wishes = fc
  .array(fc.integer({ min: 1, max: 150 }), { minLength: 1, maxLength: 6 })
  .chain((sizes) =>
    fc.record({
      sizes: fc.constant(sizes),
      things: fc.array(fc.nat(sizes.length - 1), { minLength: 1, maxLength: 40 }),
      seats: fc.integer({ min: 1, max: 8 }),
    }),
  );

test('things inside fit together, or one is there alone; they come in order, and all come', async () => {
  await fc.assert(
    fc.asyncProperty(wishes, async ({ sizes, things, seats }) => {
      const gate = createByteGate(MOST);
      const inside: number[] = [];
      const came: number[] = [];
      const entering = things.map((thing, i) =>
        gate.enter(thing, sizes[thing]!).then(() => {
          inside.push(thing);
          came.push(i);
          const there = [...new Set(inside)];
          const bytes = there.reduce((sum, one) => sum + sizes[one]!, 0);
          expect(bytes <= MOST || there.length === 1).toBe(true);
        }),
      );
      // Those who are first in leave first, when `seats` are taken or nobody else gets in.
      for (const [i, thing] of things.entries()) {
        await entering[i];
        await Promise.resolve();
        if (i < seats && i < things.length - 1) await Promise.race([entering[i + 1], tick()]);
        inside.splice(inside.indexOf(thing), 1);
        gate.leave(thing);
      }
      expect(came).toEqual(things.map((_, i) => i));
    }),
  );
});

const tick = () => new Promise<void>((resolve) => setImmediate(resolve));

test('who waits gets in when there is room, not before', async () => {
  const gate = createByteGate(MOST);
  await gate.enter(1, 80);
  await gate.enter(1, 80);
  let isIn = false;
  const second = gate.enter(2, 30).then(() => {
    isIn = true;
  });
  gate.leave(1);
  await tick();
  expect(isIn).toBe(false);
  gate.leave(1);
  await second;
});

import { describe, expect, test } from 'vitest';
import { ConflictError, TerminalError } from '../../../../operator/runtime/index.ts';
import { createEngine } from '../../../../operator/search/index.ts';
import { makeTrial } from '../../../builders/objects.ts';
import { many, SearchWorld } from './search-world.ts';

describe('proposals', () => {
  test('fill the free places and no more', async () => {
    const world = new SearchWorld(many);
    await world.reconcile();
    await world.reconcile();
    expect(world.names).toEqual(['night-0000', 'night-0001', 'night-0002']);
    expect(world.status).toMatchObject({ phase: 'Searching', trials: { proposed: 3 } });
  });

  test('take the place of each trial that ends', async () => {
    const world = new SearchWorld(many);
    await world.reconcile();
    world.end('night-0001');
    await world.reconcile();
    expect(world.names.at(-1)).toBe('night-0003');
    expect(world.trials.objects.get('default/night-0003')?.spec.proposedAfter).toBe(1);
  });

  test('are those of the engine, in its order', async () => {
    const world = new SearchWorld({ budget: { trials: 5 } });
    await world.run(5);
    const engine = createEngine(world.search.spec);
    let state = engine.initial;
    for (const { genotype } of world.records) {
      const asked = engine.ask(state);
      expect(asked.proposal?.genotype).toBe(genotype);
      state = asked.state;
    }
  });

  test('are made again where somebody deleted the Trial', async () => {
    const world = new SearchWorld(many);
    await world.reconcile();
    await world.reconcile();
    const before = world.trials.objects.get('default/night-0001');
    world.remove(world.trials, 'night-0001');
    await world.reconcile();
    const after = world.trials.objects.get('default/night-0001');
    expect(after?.metadata.uid).not.toBe(before?.metadata.uid);
    expect(after?.spec).toEqual(before?.spec);
  });

  test('wait where the cache has not heard of a Trial that exists under the name', async () => {
    const world = new SearchWorld(many);
    await world.reconcile();
    const other = { ...makeTrial().object.spec, index: 3 };
    world.lags = true;
    const metadata = { ...makeTrial().object.metadata, name: 'night-0003' };
    world.trials.change({ ...makeTrial().object, metadata, spec: other }, true);
    world.lags = false;
    world.end('night-0000');
    world.trials.cache.remove(world.trials.objects.get('default/night-0003') ?? makeTrial().object);
    await expect(world.reconcile()).rejects.toThrow(ConflictError);
  });

  test('wait until the Trials of a deleted search of the same name are gone', async () => {
    const world = new SearchWorld();
    const left = makeTrial().object;
    const owner = { ...left.metadata.ownerReferences?.[0], uid: 'earlier-uid' };
    const metadata = { ...left.metadata, name: 'night-0000', ownerReferences: [owner as never] };
    world.trials.put({ object: { ...left, metadata } });
    await expect(world.reconcile()).rejects.toThrow(ConflictError);
    world.remove(world.trials, 'night-0000');
    await world.reconcile();
    expect(world.trials.objects.get('default/night-0000')?.metadata.ownerReferences).toMatchObject([
      { uid: 'night-uid' },
    ]);
  });
});

describe('finished trials', () => {
  test('are recorded once each, in the order in which they ended', async () => {
    const world = new SearchWorld(many);
    await world.reconcile();
    for (const name of ['night-0002', 'night-0000', 'night-0001']) {
      await world.clock.advance(10);
      world.end(name);
    }
    await world.reconcile();
    await world.reconcile();
    expect(world.records.map(({ index }) => index)).toEqual([2, 0, 1]);
  });

  test('are pruned past history.keep, oldest first, and still counted', async () => {
    const world = new SearchWorld({ budget: { trials: 6 }, history: { keep: 2 } });
    await world.run(6);
    expect(world.names).toEqual(['night-0004', 'night-0005']);
    expect(world.status).toMatchObject({ phase: 'Completed', trials: { succeeded: 6 } });
  });
});

describe('a restart', () => {
  test('goes on with the same next proposal, from ledger and live trials', async () => {
    const spec = {
      ...many,
      algorithm: { name: 'regularized-evolution', settings: { population: 2, sample: 2 } },
      history: { keep: 0 },
    };
    const [straight, restarted] = [new SearchWorld(spec), new SearchWorld(spec)];
    for (const world of [straight, restarted]) {
      await world.reconcile();
      for (const index of [1, 0, 3, 2]) {
        await world.clock.advance(10);
        world.end(`night-000${index}`, { accuracy: index / 10 });
        if (world === restarted) world.restart();
        await world.reconcile();
      }
    }
    const genotypes = (world: SearchWorld) =>
      [...world.trials.objects.values()].map(({ metadata, spec }) => [
        metadata.name,
        spec.genotype,
      ]);
    expect(genotypes(restarted)).toEqual(genotypes(straight));
    expect(genotypes(restarted)).toHaveLength(3);
  });

  test('makes the Trial again that somebody deleted meanwhile', async () => {
    const world = new SearchWorld(many);
    await world.run(2);
    const before = world.trials.objects.get('default/night-0002');
    world.remove(world.trials, 'night-0002');
    world.restart();
    await world.reconcile();
    const after = world.trials.objects.get('default/night-0002');
    expect(after?.spec.genotype).toBe(before?.spec.genotype);
    expect(world.names).toHaveLength(5);
  });

  test('whose ledger was lost takes over what the Trials still say', async () => {
    const world = new SearchWorld(many);
    await world.run(4);
    const records = world.records;
    await world.ledger.forget('night-uid');
    world.restart();
    await world.reconcile();
    expect(world.records).toEqual(records.map((record) => ({ ...record, rebuilt: true })));
    expect(world.happenings).toContain('Warning LedgerLost of night');
  });

  test('whose ledger was lost goes on, though nobody knows any more in which order the results came', async () => {
    const world = new SearchWorld({
      ...many,
      algorithm: { name: 'regularized-evolution', settings: { population: 2, sample: 2 } },
    });
    await world.reconcile();
    // The one that ended first was heard of last.
    for (const [told, index] of [1, 0, 3, 2].entries()) {
      const endedMs = world.clock.now() - told;
      world.end(`night-000${index}`, { accuracy: index / 10, endedMs });
      await world.reconcile();
    }
    await world.ledger.forget('night-uid');
    const before = [...world.trials.objects.keys()];
    world.restart();
    await world.reconcile();
    expect([...world.trials.objects.keys()]).toEqual(before);
    await world.run(2, 4);
    world.restart();
    await world.run(2, 6);
    const indices = world.records.map(({ index }) => index).toSorted((a, b) => a - b);
    expect(indices).toEqual([...indices.keys()]);
    expect(new Set(world.records.map(({ genotype }) => genotype)).size).toBe(indices.length);
  });

  test('whose history does not fit says so on the search, and is not retried', async () => {
    const world = new SearchWorld(many);
    await world.run(2);
    world.edit({ ...many, seed: 2 });
    world.restart();
    await expect(world.reconcile()).rejects.toThrow(TerminalError);
    expect(world.why('Ready')).toBe('False InvalidSpec');
    const { length } = world.calls;
    await expect(world.reconcile()).rejects.toThrow(TerminalError);
    expect(world.calls.slice(length)).toEqual(['read ledger']);
  });

  test('that is to begin with no network of its space says so on the search', async () => {
    const world = new SearchWorld({ ...many, warmStart: { genotypes: ['nb202;'] } });
    await expect(world.reconcile()).rejects.toThrow(TerminalError);
    expect(world.why('Ready')).toBe('False InvalidSpec');
    expect(world.trials.objects.size).toBe(0);
  });
});

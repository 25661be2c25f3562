// A whole controller to copy: every Team gets as many Player objects as its spec asks for. Runs on the local store.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ObjectStore } from '../../../operator/adapters/local/index.ts';
import {
  AlreadyExistsError,
  byOwnerUid,
  Controller,
  controllerOfEach,
  controllerReference,
  eachObject,
  Informer,
  type KubernetesObject,
  keyOf,
  Manager,
  type ObjectClients,
  type ObjectKind,
  type Reconciler,
  silentLogger,
  systemClock,
} from '../../../operator/runtime/index.ts';
import { eventually } from './eventually.ts';

// 1. The kinds.
interface Team extends KubernetesObject {
  readonly spec: { readonly players: number };
  readonly status?: { readonly ready?: number };
}
const TEAM: ObjectKind<Team> = {
  apiVersion: 'example.dev/v1',
  kind: 'Team',
  plural: 'teams',
  namespaced: true,
};
const PLAYER: ObjectKind = {
  apiVersion: 'example.dev/v1',
  kind: 'Player',
  plural: 'players',
  namespaced: true,
};

// 2. The controller: read the state, act on the difference, write status once.
function teamController(clients: ObjectClients) {
  const common = { clock: systemClock, logger: silentLogger, random: () => 0.5 };
  const [teamClient, playerClient] = [clients.of(TEAM), clients.of(PLAYER)];
  const teams = new Informer({ ...common, kind: TEAM, reader: teamClient });
  const players = new Informer({
    ...common,
    kind: PLAYER,
    reader: playerClient,
    indexes: { owner: byOwnerUid },
  });

  const reconciler: Reconciler = {
    async reconcile(key) {
      const team = teams.cache.get(key);
      if (team === undefined) return {};
      const owned = players.cache.byIndex('owner', team.metadata.uid);
      // Names follow from the team and a number, so a repeated create meets itself and makes no twin.
      const wanted = Array.from({ length: team.spec.players }, (_, i) => `${key.name}-${i}`);
      const names = new Set(owned.map(({ metadata }) => metadata.name));
      for (const name of wanted.filter((name) => !names.has(name))) {
        const ownerReferences = [controllerReference(team)];
        const { apiVersion, kind } = PLAYER;
        const player = {
          apiVersion,
          kind,
          metadata: { name, namespace: key.namespace, ownerReferences },
        };
        await playerClient.create(player).catch((error: unknown) => {
          if (!(error instanceof AlreadyExistsError)) throw error;
        });
      }
      for (const extra of owned.filter(({ metadata }) => !wanted.includes(metadata.name))) {
        await playerClient.delete(keyOf(extra), { uid: extra.metadata.uid });
      }
      await teamClient.patchStatus(key, { ready: owned.length });
      return {};
    },
  };
  const sources = [eachObject(teams), controllerOfEach(players, TEAM)];
  const controller = new Controller({ ...common, name: 'team', reconciler, sources });
  return new Manager({ ...common, informers: [teams, players], controllers: [controller] });
}

// 3. What it does.
test('a team has the players it asks for, whatever happens to them, and takes them along when it goes', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'example-controller-'));
  let uid = 0;
  const store = await ObjectStore.open({
    directory,
    kinds: [TEAM, PLAYER].map((kind) => ({ kind, keep: 'disk' as const })),
    clock: systemClock,
    newUid: () => `uid-${uid++}`,
    logger: silentLogger,
  });
  const [teams, players] = [store.of(TEAM), store.of(PLAYER)];
  const names = async () =>
    (await players.list()).items.map(({ metadata }) => metadata.name).sort();
  const key = { namespace: 'default', name: 'red' };
  const stop = new AbortController();
  const running = teamController(store).run(stop.signal);

  const { apiVersion, kind } = TEAM;
  await teams.create({ apiVersion, kind, metadata: key, spec: { players: 3 } });
  await eventually(async () => expect(await names()).toEqual(['red-0', 'red-1', 'red-2']));
  await eventually(async () => expect((await teams.get(key)).status).toEqual({ ready: 3 }));

  const { metadata } = await players.get({ namespace: 'default', name: 'red-1' });
  await players.delete({ namespace: 'default', name: 'red-1' });
  await eventually(async () => {
    const again = await players.get({ namespace: 'default', name: 'red-1' });
    expect(again.metadata.uid).not.toBe(metadata.uid);
  });

  await teams.patch(key, { spec: { players: 1 } });
  await eventually(async () => expect(await names()).toEqual(['red-0']));

  await teams.delete(key);
  await eventually(async () => expect(await names()).toEqual([]));

  stop.abort();
  await running;
  await rm(directory, { recursive: true });
});

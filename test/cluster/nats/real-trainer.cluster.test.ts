// A trainer that trains: with the environment and the token of its Pod, over TLS, let in by the operator, from its first report to
// a trial that has succeeded and files that are kept. Only the Pod's container is played here.
import { Objm } from '@nats-io/obj';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Authority, hasOpenssl } from '../../builders/certificates.ts';
import { realPictures } from '../../builders/real-pictures.ts';
import { tensorFlow } from '../../builders/tensorflow.ts';
import { makeWorkdir, TrainerProcess } from '../../trainer/trainer-process.ts';
import { environmentOf, TrainerWorld } from './trainer-world.ts';

const canTrain = realPictures !== undefined && tensorFlow !== undefined && hasOpenssl;
if (!canTrain) console.warn('skipped: no pictures, no TensorFlow or no openssl');

describe.skipIf(!canTrain)('a real trainer', () => {
  let world: TrainerWorld;
  let authority: Authority;

  beforeAll(async () => {
    authority = new Authority();
    world = await TrainerWorld.start({ authority });
  });
  afterAll(async () => {
    await world?.stop();
    authority?.remove();
  });

  test('comes in by the token of its Pod, trains, keeps its files, and its search completes', async () => {
    const [pod] = await world.search('real', 1, {
      searchSpace: { kind: 'fixed', network: 'lenet', learningRules: ['uSF'] },
      dataset: realPictures,
      training: { epochs: 1 },
      algorithm: { name: 'random' },
    });
    if (pod === undefined) throw new Error('it runs');
    const environment = environmentOf(pod);
    expect(environment['BIONAS_NATS_TOKEN_FILE']).toBe('/var/run/secrets/bionas.dev/nats/token');
    const directory = await makeWorkdir();
    const token = await world.fileOf(await world.tokenOf(pod.metadata.name));
    // Fake nodes say that they have GPUs.
    const here = { BIONAS_WORKDIR: directory, BIONAS_NATS_TOKEN_FILE: token, BIONAS_DEVICE: 'any' };
    const trial = environment['BIONAS_TRIAL'] ?? '';
    const trainer = new TrainerProcess(trial, directory, 0, { ...environment, ...here });
    expect(await trainer.exited, trainer.log).toBe(0);
    const { trials, best } = await world.room.ended('real');
    expect(trials).toMatchObject({ proposed: 1, succeeded: 1, failed: 0 });
    expect(best).toHaveLength(1);
    const [done] = await world.room.trials();
    const { artifacts = {} } = done?.status?.result ?? {};
    expect(Object.keys(artifacts)).toContain('model.onnx');
    const bucket = await new Objm(world.admin).open(environment['BIONAS_BUCKET'] ?? '');
    for (const place of Object.values(artifacts)) {
      const name = place.split('/').slice(-2).join('/');
      expect((await bucket.getBlob(name))?.length, name).toBeGreaterThan(0);
    }
    expect(trainer.log).not.toContain('not kept');
  });
});

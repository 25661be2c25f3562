// `bionas plan` as a person starts it, with trainers that train for a second.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { bionas } from '../../builders/command-line.ts';
import { makeSearchManifest } from '../../builders/manifest.ts';
import { realPictures } from '../../builders/real-pictures.ts';
import { tensorFlow } from '../../builders/tensorflow.ts';

const directory = mkdtempSync(join(tmpdir(), 'bionas-plan-test-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function manifest(spec: object): string {
  const file = join(directory, 'search.yaml');
  const search = { searchSpace: { kind: 'fixed', network: 'lenet', learningRules: ['BP', 'FA'] } };
  writeFileSync(file, stringify(makeSearchManifest({ ...search, dataset: realPictures, ...spec })));
  return file;
}

describe.skipIf(realPictures === undefined || tensorFlow === undefined)('bionas plan', () => {
  test('says what a search takes', async () => {
    const file = manifest({
      training: { epochs: 3, batchSize: 50 },
      algorithm: { name: 'random' },
      budget: { trials: 4, gpuHours: 0.0001 },
      final: { topK: 1 },
    });
    const flags = ['--networks', '1', '--seconds', '1', '--price', '2', '-o', 'json'];
    const { stdout, stderr, code } = await bionas('plan', file, ...flags);
    expect(stderr).toContain('1 of 1 networks are rehearsed');
    expect(code).toBe(0);
    const plan = JSON.parse(stdout);
    expect(plan).toMatchObject({
      search: { trainings: 4, epochs: 12 },
      final: { trainings: 1, epochs: 3 },
      slots: 1,
      limits: [expect.stringContaining('budget.gpuHours 0.0001: enough for about 0 of 4 trials')],
    });
    const [{ stepSeconds, startSeconds, peakBytes, keptBytes }] = plan.search.measured;
    for (const figure of [stepSeconds, startSeconds, peakBytes, keptBytes])
      expect(figure).toBeGreaterThan(0);
    // 2,000 pictures are 40 steps an epoch.
    expect(plan.search.deviceSeconds).toBeGreaterThan(4 * (startSeconds + 3 * 40 * stepSeconds));
  });

  test('rehearses by the executor that is asked for', async () => {
    const file = manifest({ training: { precision: 'bfloat16' }, algorithm: { name: 'random' } });
    const flags = ['--networks', '1', '--seconds', '1', '--executor', 'onnx'];
    const { stderr, code } = await bionas('plan', file, ...flags);
    expect(stderr).toContain('the ONNX executor does not compute in bfloat16');
    expect(code).toBe(1);
  });

  test('says why a trainer came to no end', async () => {
    const rate = {
      optimizer: { learningRate: 100, momentum: 0.99 },
      regularisation: { gradientClip: 0 },
    };
    const file = manifest({ training: { epochs: 1, ...rate }, algorithm: { name: 'random' } });
    const { stderr, code } = await bionas('plan', file, '--networks', '1', '--seconds', '1');
    expect(stderr).toContain('lower training.optimizer.learningRate');
    expect(code).toBe(1);
  });
});

// A network that was trained on real pictures: ONNX Runtime finds in model.onnx the accuracy that the trainer reports.
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, onTestFinished, test } from 'vitest';
import { Trial, type TrialSpec } from '../../../../crds/index.ts';
import { writeArtifacts } from '../../../../trainer/artifacts.ts';
import { createInThreadStream } from '../../../../trainer/data/index.ts';
import { NCHW_OF_NHWC, permuted } from '../../../../trainer/layouts.ts';
import { type Batch, runTrial } from '../../../../trainer/training/index.ts';
import { openTrialData } from '../../../../trainer/trial-data.ts';
import { makeTrialManifest } from '../../../builders/manifest.ts';
import { realPictures } from '../../../builders/real-pictures.ts';
import { tensorFlow } from '../../../builders/tensorflow.ts';
import { makePorts } from '../../../builders/training.ts';

const openData = (spec: TrialSpec) =>
  openTrialData(spec, {
    cacheDir: join(homedir(), '.cache/bionas/datasets'),
    stream: createInThreadStream(),
  });

/** Right answers of the model, over the places that hold a picture. */
async function rightIn(
  session: InferenceSession,
  { pictures, labels }: Batch,
  sides: readonly number[],
): Promise<number> {
  const shape = [labels.length, ...sides];
  const inUnit = Float32Array.from(pictures, (pixel) => pixel / 255);
  const nchw = permuted({ shape, data: inUnit }, NCHW_OF_NHWC);
  const { logits } = await session.run({ pictures: new Tensor('float32', nchw.data, nchw.shape) });
  const numbers = logits?.data as Float32Array;
  const classes = numbers.length / labels.length;
  return labels.reduce((right, label, i) => {
    const row = numbers.subarray(i * classes, (i + 1) * classes);
    return right + (label === row.indexOf(Math.max(...row)) ? 1 : 0);
  }, 0);
}

test.skipIf(tensorFlow === undefined || realPictures === undefined)(
  'model.onnx is as accurate as the trainer says',
  async () => {
    if (tensorFlow === undefined) return;
    const directory = await mkdtemp(join(tmpdir(), 'bionas-accuracy-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const { spec } = Trial.parse(
      makeTrialManifest({
        genotype:
          'nb201;nor_conv_3x3:uSF~0|avg_pool_3x3~0,nor_conv_1x1:FA~1|skip_connect~0,nor_conv_3x3:frSF~1,none~2;rest=brSF',
        shape: { cells: 1, channels: 8 },
        dataset: realPictures,
        training: { epochs: 2, augmentation: { flip: true } },
        fidelity: { epochs: 2 },
      }),
    );
    const outcome = await runTrial(
      spec,
      makePorts(directory, tensorFlow, { openData, writeArtifacts }),
    );
    if (outcome.kind !== 'result') throw new Error('interrupted by nobody');
    const { metrics, artifacts } = outcome.result;
    expect(metrics.accuracy).toBeGreaterThan(0.15);

    const session = await InferenceSession.create(artifacts['model.onnx'] ?? '');
    const { task, data, close } = await openData(spec);
    let right = 0;
    for await (const batch of data.evaluation())
      right += await rightIn(session, batch, [task.height, task.width, task.channels]);
    await Promise.all([session.release(), close()]);
    // One picture may lie within a rounding of two classes.
    expect(Math.abs(right - (metrics.accuracy ?? 0) * 500)).toBeLessThan(1.01);
  },
);

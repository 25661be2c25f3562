// Three steps with weights held at their norm and single numbers of gradients clipped: TensorFlow's float32 against the
// reference's float64, from the same numbers.
import { expect, test } from 'vitest';
import { plainSgd, takeSteps, writeStep } from '../../builders/step.ts';
import { tensorFlow } from '../../builders/tensorflow.ts';
import { distance } from '../../builders/tensors.ts';

const regularisation = { gradientClip: 5, gradientClipValue: 0.01, constrainWeights: true };

test.skipIf(tensorFlow === undefined).each([
  ['momentum', { ...plainSgd, momentum: 0.9, weightDecay: 0.01 }],
  ['Nesterov momentum', { ...plainSgd, momentum: 0.9, nesterov: true }],
])('%s', async (_, optimizer) => {
  const written = await writeStep({ optimizer, regularisation });
  const truth = await takeSteps(written, { count: 3 });
  const { after } = await takeSteps(written, { count: 3, executor: tensorFlow! });
  for (const [name, tensor] of Object.entries(truth.after))
    expect(distance(after[name]!, tensor), name).toBeLessThan(1e-4);
});

// The dominant eigenvalue of a supernet in float32, against that of its whole Hessian: both by central differences, of which kinks make
// a matrix that is not quite symmetric, and eigenvalues that are close to each other.
import { expect, test } from 'vitest';
import { Supernet } from '../../../crds/index.ts';
import { symmetricEigen } from '../../../trainer/evolution-strategy/symmetric-eigen.ts';
import type { Executor, Tensors } from '../../../trainer/executors/index.ts';
import { buildSupernet, EDGES } from '../../../trainer/network/index.ts';
import { sizeOf } from '../../../trainer/program/index.ts';
import { Random } from '../../../trainer/random.ts';
import { initialValues } from '../../../trainer/training/index.ts';
import { dominantEigenvalue } from '../../../trainer/training/supernet/eigenvalue.ts';
import { buildSupernetProgram } from '../../../trainer/training/supernet/index.ts';
import { candidates, makeSupernetPlan } from '../../builders/supernet.ts';
import { tensorFlow } from '../../builders/tensorflow.ts';
import { tensorOf } from '../../builders/tensors.ts';
import { makeTrialSpec } from '../../builders/training.ts';

const BATCH = 32;
/** As the products' own. */
const STEP = 0.1;
const PICTURES = [BATCH, 16, 16, 1];

test.skipIf(tensorFlow === undefined)(
  'it is that of the Hessian of the loss on the second half',
  async () => {
    const plan = makeSupernetPlan({
      candidates: candidates(['BP'], ['skip_connect', 'dil_conv_3x3']),
      task: { height: 16, width: 16, channels: 1, classes: 3 },
    });
    const n = plan.candidates.length;
    const { training } = makeTrialSpec({ batchSize: BATCH });
    const step = buildSupernetProgram({
      supernet: buildSupernet(plan),
      candidates: n,
      settings: Supernet.parse({ learningRules: ['BP'], eigenvalueSteps: 1 }),
      task: plan.task,
      statistics: { mean: [0.5], deviation: [0.25] },
      training,
      evaluationBatch: 1,
    });
    const session = await (tensorFlow as Executor).open(step.program, {
      threads: 1,
      rewrites: false,
    });
    await session.write(initialValues(step.variables.all, 1));
    const random = Random.fromSeed(2);
    const inputs: Tensors = {
      'architecture/pictures': {
        dtype: 'uint8',
        shape: PICTURES,
        data: Uint8Array.from({ length: sizeOf(PICTURES) }, () => random.int(256)),
      },
      'architecture/labels': {
        dtype: 'int32',
        shape: [BATCH],
        data: Int32Array.from({ length: BATCH }, () => random.int(3)),
      },
      key: { dtype: 'int32', shape: [2], data: Int32Array.of(1, 0) },
    };
    const size = EDGES * n;
    const slopesAt = async (alpha: readonly number[]) => {
      const slopes = await session.run('slopes', {
        ...inputs,
        'candidate/normal': tensorOf(alpha.slice(0, size), [EDGES, n]),
        'candidate/reduce': tensorOf(alpha.slice(size), [EDGES, n]),
      });
      return [...slopes['normal']!.data, ...slopes['reduce']!.data];
    };
    const alpha = Array.from({ length: 2 * size }, (_, i) => Math.sin(i) / 10);
    const hessian: number[][] = [];
    for (const i of alpha.keys()) {
      const at = (by: number) => slopesAt(alpha.map((each, k) => (k === i ? each + by : each)));
      const [above, below] = [await at(STEP), await at(-STEP)];
      hessian.push(above.map((each, k) => (each - below[k]!) / (2 * STEP)));
    }
    const symmetric = hessian.map((row, i) => row.map((each, j) => (each + hessian[j]![i]!) / 2));
    const { values } = symmetricEigen(symmetric);
    const largest = values.reduce((most, each) => (Math.abs(each) > Math.abs(most) ? each : most));
    const found =
      (await dominantEigenvalue(alpha, slopesAt, {
        steps: 30,
        random: Random.fromSeed(3),
      })) ?? Number.NaN;
    expect(found / Math.abs(largest)).toBeGreaterThan(0.5);
    expect(found / Math.abs(largest)).toBeLessThan(1.2);
  },
);

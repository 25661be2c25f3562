// A step as files in everybody's layouts: NCHW pictures, OIHW filters, [out,in] matrices. docs/debug-step.md lists the names.
import { join } from 'node:path';
import { printGenotype } from '../../crds/index.ts';
import type { Tensor, Tensors } from '../executors/index.ts';
import { NCHW_OF_NHWC, OIHW_OF_HWIO, permuted } from '../layouts.ts';
import { encodeSafetensors } from '../safetensors/index.ts';
import { writeAtomically } from '../training/index.ts';
import type { DebugStep } from './take-steps.ts';

const FORMAT = 'bionas-debug-step-1';

/** Writes step.safetensors and step.json into `directory`; gives their paths. */
export async function writeStep(directory: string, step: DebugStep): Promise<readonly string[]> {
  const tensors = join(directory, 'step.safetensors');
  const record = join(directory, 'step.json');
  const metadata = { format: FORMAT, genotype: printGenotype(step.genotype) };
  await writeAtomically(tensors, encodeSafetensors({ tensors: tensorsOf(step), metadata }));
  await writeAtomically(record, `${JSON.stringify(recordOf(step), null, 2)}\n`);
  return [tensors, record];
}

/** Weights, their gradients and their feedback lie alike. */
function weights({ dtype, shape, data }: Tensor): Tensor {
  if (shape.length === 4) return { dtype, ...permuted({ shape, data }, OIHW_OF_HWIO) };
  return shape.length === 2
    ? { dtype, ...permuted({ shape, data }, [1, 0]) }
    : { dtype, shape, data };
}

function pictures({ dtype, shape, data }: Tensor): Tensor {
  return shape.length === 4
    ? { dtype, ...permuted({ shape, data }, NCHW_OF_NHWC) }
    : { dtype, shape, data };
}

const layoutOf = (output: string) => (/^(gradient|feedback)\//.test(output) ? weights : pictures);

const under = (folder: string, tensors: Tensors) =>
  Object.entries(tensors).map(([name, tensor]) => [`${folder}/${name}`, weights(tensor)] as const);

const tensorsOf = ({ inputs, outputs, before, after }: DebugStep): Tensors =>
  Object.fromEntries([
    ...Object.entries(inputs).map(([name, tensor]) => [name, pictures(tensor)] as const),
    ...Object.entries(outputs).map(([name, tensor]) => [name, layoutOf(name)(tensor)] as const),
    ...under('parameter', before),
    ...under('after', after),
  ]);

function recordOf({ spec, genotype, opened, rules, inputs, outputs, executor }: DebugStep) {
  return {
    format: FORMAT,
    genotype: { text: printGenotype(genotype), ...genotype },
    shape: spec.shape,
    task: opened.task,
    statistics: opened.statistics,
    rules,
    seed: spec.seed,
    dataset: spec.dataset,
    batchSize: spec.training.batchSize,
    training: spec.training,
    learningRate: inputs['rate']?.data[0],
    loss: outputs['loss']?.data[0],
    layouts: {
      pictures: 'NCHW',
      filters: 'OIHW: [out, in / groups, height, width]',
      matrices: '[out, in]',
    },
    executor,
  };
}

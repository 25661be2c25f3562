// From a network's variables to the state_dict of the module that is written for it. Pure.
import type { Tensors } from '../../../trainer/executors/index.ts';
import { permuted } from '../../../trainer/layouts.ts';
import type { ExportedModel, Weights } from './exported-model.ts';
import type { ModuleSource } from './module-family.ts';

/** Variables of the step program, by the last part of their path, and what PyTorch calls them. What has no line is a constant. */
const PARAMETERS: Readonly<Record<string, string>> = {
  weight: 'weight',
  bias: 'bias',
  gamma: 'weight',
  beta: 'bias',
  runningMean: 'running_mean',
  runningVariance: 'running_var',
};

/** Of every family. */
const RENAMES: ModuleSource['renames'] = [
  [/\.node(\d)\.edge(\d)\./, '.node$1_edge$2.'],
  [/^classifier\.fc\./, 'classifier.'],
];

export function stateDict(
  { weights }: Pick<ExportedModel, 'weights'>,
  { renames }: Pick<ModuleSource, 'renames'>,
): Tensors {
  const named = [...weights].flatMap(([path, tensor]) => {
    const parts = path.split('/');
    const parameter = PARAMETERS[parts.pop() ?? ''];
    if (parameter === undefined) return [];
    const name = [...RENAMES, ...renames].reduce(
      (text, [pattern, by]) => text.replace(pattern, by),
      [...parts, parameter].join('.'),
    );
    return [[name, { dtype: 'float32' as const, ...laid(tensor) }] as const];
  });
  return Object.fromEntries(named);
}

/** Dense layers are [in,out] here and [out,in] there. */
const laid = (tensor: Weights): Weights =>
  tensor.shape.length === 2 ? permuted(tensor, [1, 0]) : tensor;

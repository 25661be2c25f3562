// First values of a program's variables, drawn from the run's seed by the variable's name:
// a network keeps its start when another layer is added or a rule changes elsewhere.
import type { Tensor, Tensors } from '../executors/index.ts';
import { sizeOf, type Variable } from '../program/index.ts';
import { Random } from '../random.ts';

function initialValue({ name, shape, initializer }: Variable, seeds: Random): Tensor {
  const data = new Float32Array(sizeOf(shape));
  if (initializer.kind === 'constant') data.fill(initializer.value);
  else {
    const random = seeds.split(name);
    const { bound } = initializer;
    for (let i = 0; i < data.length; i++) data[i] = (2 * random.uniform() - 1) * bound;
  }
  return { dtype: 'float32', shape, data };
}

export function initialValues(variables: readonly Variable[], seed: number): Tensors {
  const seeds = Random.fromSeed(seed).split('variables');
  return Object.fromEntries(
    variables.map((variable) => [variable.name, initialValue(variable, seeds)]),
  );
}

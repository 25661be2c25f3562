// How far the gradients that a probe wrote are from central differences of its loss.
import type { Tensor, Tensors } from '../../trainer/executors/index.ts';
import { sizeOf, type Variable } from '../../trainer/program/index.ts';
import type { OpenProbe } from './probe.ts';
import { makeTensor } from './tensors.ts';

/** Small, so that few kinks of ReLU lie between the two sides; in float64 rounding stays below 1e-8. */
const STEP = 1e-6;

/** Up to `count` places of a tensor, spread by a stride that is prime to most sizes. */
const places = (size: number, count: number): readonly number[] =>
  size <= count
    ? [...Array(size).keys()]
    : Array.from({ length: count }, (_, i) => (i * 7919) % size);

async function centralDifference(
  at: number,
  base: Tensor,
  lossOf: (changed: Tensor) => Promise<number>,
): Promise<number> {
  const moved = (by: number): Tensor => {
    const data = Float64Array.from(base.data);
    data[at] = (data[at] ?? 0) + by;
    return { ...base, data };
  };
  return ((await lossOf(moved(STEP))) - (await lossOf(moved(-STEP)))) / (2 * STEP);
}

/**
 * How far the gradients that the program wrote are from central differences of its loss: |g - d| / |d| over up to
 * `count` elements of `x` and of each parameter. A gradient that was not written counts as zeros.
 */
export async function gradientErrors(
  { session, inputs, values, outputs }: OpenProbe,
  { parameters, count = 6 }: { parameters: readonly Variable[]; count?: number },
): Promise<Record<string, number>> {
  const loss = async (changed: Tensors) =>
    (await session.run('step', { ...inputs, ...changed }))['loss']?.data[0] ?? Number.NaN;
  const ofInput = (x: Tensor) => loss({ x });
  const ofVariable = (name: string) => async (value: Tensor) => {
    await session.write({ [name]: value });
    const result = await loss({});
    await session.write({ [name]: values[name]! });
    return result;
  };
  const subjects = [
    ['x', outputs['dx'], inputs['x']!, ofInput] as const,
    ...parameters.map(
      ({ name }) => [name, outputs[`gradient/${name}`], values[name]!, ofVariable(name)] as const,
    ),
  ];
  const errors: Record<string, number> = {};
  for (const [name, written, base, lossOf] of subjects) {
    const at = places(sizeOf(base.shape), count);
    const differences: number[] = [];
    for (const place of at) differences.push(await centralDifference(place, base, lossOf));
    errors[name] = apart(
      at.map((place) => written?.data[place] ?? 0),
      differences,
    );
  }
  return errors;
}

const norm = (numbers: readonly number[]): number => Math.hypot(...numbers);

/** Relative to the truth; where the truth is nothing but rounding, absolute. */
function apart(actual: readonly number[], truth: readonly number[]): number {
  const difference = norm(actual.map((each, i) => each - (truth[i] ?? Number.NaN)));
  return difference / Math.max(norm(truth), 1e-3);
}

/** All parameters move together here, so kinks are nearer. */
const STEP_ALONG = 1e-8;

/**
 * The same for a whole network at once: the relative error of the derivative along a few random directions through
 * the input and all parameters. A wrong gradient anywhere shows; which one, gradientErrors tells.
 */
export async function directionalError(
  { session, inputs, values, outputs }: OpenProbe,
  { parameters, directions = 3 }: { parameters: readonly Variable[]; directions?: number },
): Promise<number> {
  const names = parameters.map(({ name }) => name);
  const base: Tensors = {
    x: inputs['x']!,
    ...Object.fromEntries(names.map((n) => [n, values[n]!])),
  };
  const lossAlong = async (direction: Tensors, by: number): Promise<number> => {
    const { x, ...moved } = Object.fromEntries(
      Object.entries(base).map(([name, tensor]) => [
        name,
        {
          ...tensor,
          data: Float64Array.from(tensor.data, (e, i) => e + by * direction[name]!.data[i]!),
        },
      ]),
    );
    await session.write(moved);
    return (await session.run('step', { ...inputs, x: x! }))['loss']!.data[0]!;
  };
  const [written, truth]: [number[], number[]] = [[], []];
  for (let k = 0; k < directions; k++) {
    const direction = Object.fromEntries(
      Object.entries(base).map(([name, { shape }], i) => [
        name,
        makeTensor(shape, 1000 * (k + 1) + i),
      ]),
    );
    const difference =
      (await lossAlong(direction, STEP_ALONG)) - (await lossAlong(direction, -STEP_ALONG));
    truth.push(difference / (2 * STEP_ALONG));
    written.push(
      Object.entries(direction).reduce((sum, [name, { data }]) => {
        const g = outputs[name === 'x' ? 'dx' : `gradient/${name}`];
        return (
          sum + (g === undefined ? 0 : Array.from(data).reduce((s, v, i) => s + v * g.data[i]!, 0))
        );
      }, 0),
    );
  }
  return apart(written, truth);
}

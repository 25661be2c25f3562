// The function whose true gradient a mixed-rule network follows: each product x W becomes x0 W + (x - x0) B0, with
// x0 and B0 the numbers of one run. Its value at that run is the network's; its derivative by x goes through B0, by W
// through x0. So central differences of it check a pseudo-gradient, and share nothing with the backward pass.
import type { Executor } from '../../trainer/executors/index.ts';
import {
  createProgram,
  type Entry,
  type HostValue,
  type Operation,
  type Program,
  type Value,
} from '../../trainer/program/index.ts';
import { type OpenProbe, openProbe, type Probe } from './probe.ts';

interface Product {
  readonly operation: Operation;
  /** Of the layer, as feedback weights are listed. */
  readonly path: string;
  readonly x: Value;
  readonly W: Value;
}

/** Products of the forward pass: their second operand is a parameter, not transposed. */
function productsOf({ operations }: Entry): readonly Product[] {
  const weights = new Map<number, string>();
  return operations.flatMap((operation) => {
    const { kind, attributes, inputs, outputs } = operation;
    if ('variable' in attributes && attributes.variable.role === 'parameter')
      weights.set(outputs[0]!.id, attributes.variable.name);
    const [x, W] = inputs;
    const name = W === undefined ? undefined : weights.get(W.id);
    const forward = kind === 'conv2d' || ('transposeA' in attributes && !attributes.transposeA);
    if (x === undefined || W === undefined || name === undefined || !forward) return [];
    if ('transposeB' in attributes && attributes.transposeB) return [];
    return [{ operation, path: name.replace(/\/weight$/, ''), x, W }];
  });
}

const stepOf = ({ program }: Probe): Entry => program.entries['step']!;

const programWith = (program: Program, entry: Entry): Program =>
  createProgram(program.variables, [entry]);

/** The same probe, whose outputs also hold x0/<path> of every product. */
function withOperands(probe: Probe): Probe {
  const entry = stepOf(probe);
  const operands = productsOf(entry).map(({ path, x }) => [`x0/${path}`, x as HostValue] as const);
  const outputs = { ...entry.outputs, ...Object.fromEntries(operands) };
  return { ...probe, program: programWith(probe.program, { ...entry, outputs }) };
}

/** Replaces products that have feedback weights; `x0/<path>` and `B0/<path>` become inputs. */
function surrogateProgram(probe: Probe): Program {
  const entry = stepOf(probe);
  const inputs: Record<string, HostValue> = { ...entry.inputs };
  const products = new Map(productsOf(entry).map((product) => [product.operation, product]));
  let next =
    1 + Math.max(...entry.operations.flatMap(({ outputs }) => outputs.map(({ id }) => id)));
  const like = (value: Value): Value => ({ ...value, id: next++ });
  const operations = entry.operations.flatMap((operation): readonly Operation[] => {
    const product = products.get(operation);
    if (product === undefined || !(`feedback/${product.path}` in entry.outputs)) return [operation];
    const { path, x, W } = product;
    const [y] = operation.outputs as [Value];
    const input = (name: string, value: Value): Operation => {
      const output = like(value) as HostValue;
      inputs[name] = output;
      return { kind: 'input', name, inputs: [], attributes: { name }, outputs: [output] };
    };
    const x0 = input(`x0/${path}`, x);
    const B0 = input(`B0/${path}`, W);
    const [recorded, feedback] = [x0.outputs[0]!, B0.outputs[0]!];
    const [moved, direct, sent] = [like(x), like(y), like(y)];
    const name = `${path}/surrogate`;
    return [
      x0,
      B0,
      { kind: 'subtract', name, inputs: [x, recorded], attributes: {}, outputs: [moved] },
      { ...operation, inputs: [recorded, W], outputs: [direct] },
      { ...operation, inputs: [moved, feedback], outputs: [sent] },
      { kind: 'add', name, inputs: [direct, sent], attributes: {}, outputs: [y] },
    ];
  });
  const { loss } = entry.outputs;
  return programWith(probe.program, { ...entry, inputs, operations, outputs: { loss: loss! } });
}

/** The network's own outputs and gradients, beside a session that computes the surrogate. */
export async function openSurrogate(executor: Executor, probe: Probe): Promise<OpenProbe> {
  const base = await openProbe(executor, withOperands(probe));
  const session = await executor.open(surrogateProgram(probe));
  await session.write(base.values);
  const recorded = Object.entries(base.outputs).flatMap(([name, tensor]) => {
    if (name.startsWith('feedback/')) return [[name.replace('feedback', 'B0'), tensor] as const];
    const used = name.startsWith('x0/') && `feedback/${name.slice(3)}` in base.outputs;
    return used ? [[name, tensor] as const] : [];
  });
  return { ...base, session, inputs: { ...base.inputs, ...Object.fromEntries(recorded) } };
}

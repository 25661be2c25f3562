// What a run of an entry's model is fed: the entry's inputs, variables as they are, and random numbers.
import type { OnnxValueInfo } from '../../onnx-model/index.ts';
import type { Entry, Operation, Shape, Value, Variable } from '../../program/index.ts';
import { ExecutorError } from '../executor.ts';
import { elementOf } from './elements.ts';
import type { Provider } from './lowering/index.ts';
import { infoOf } from './model-parts.ts';

/** Random numbers that a run is fed: Philox draws them from the key that is fed. */
export interface Draw {
  readonly tensor: string;
  readonly shape: Shape;
  readonly stream: number;
  /** input of the entry */
  readonly key: string;
}

export const inputTensor = (name: string): string => `.inputs/${name}`;
export const variableTensor = (name: string): string => `.variables/${name}`;

export class Feeds {
  readonly draws: Draw[] = [];
  /** by name */
  readonly variables = new Set<string>();
  readonly infos: OnnxValueInfo[] = [];
  readonly #entry: Entry;
  readonly #provider: Provider;
  readonly #known: ReadonlyMap<string, Variable>;

  constructor(entry: Entry, known: ReadonlyMap<string, Variable>, provider: Provider) {
    this.#entry = entry;
    this.#known = known;
    this.#provider = provider;
  }

  input(name: string): string {
    const { dtype = 'float32', shape = [] } = this.#entry.inputs[name] ?? {};
    return this.#add(inputTensor(name), dtype, shape);
  }

  variable(name: string): string {
    const tensor = variableTensor(name);
    if (this.variables.has(name)) return tensor;
    this.variables.add(name);
    return this.#add(tensor, 'float32', this.variableOf(name).shape);
  }

  /** @param key where the operation's key comes from */
  random({ name, attributes }: Operation<'randomUniform'>, key: Value | undefined): string {
    const fed = Object.entries(this.#entry.inputs).find(([, value]) => value === key);
    if (fed === undefined)
      throw new ExecutorError(`${name}: the ONNX executor draws from keys that are inputs only`);
    const tensor = `.random/${name}`;
    this.draws.push({ ...attributes, tensor, key: fed[0] });
    return this.#add(tensor, 'float32', attributes.shape);
  }

  variableOf(name: string): Variable {
    const variable = this.#known.get(name);
    if (variable === undefined)
      throw new ExecutorError(
        `entry ${this.#entry.name}: variable ${name} is not one of the program's`,
      );
    return variable;
  }

  #add(tensor: string, dtype: string, shape: Shape): string {
    this.infos.push(infoOf(tensor, elementOf(dtype, this.#provider), shape));
    return tensor;
  }
}

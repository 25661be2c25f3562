// One entry of a program as an ONNX model: its operations and updates in one graph, in which every condition is an If.
import { ELEMENT, encodeModel, type OnnxValueInfo } from '../../onnx-model/index.ts';
import type { Entry, Operation, Shape, Update, Value, Variable } from '../../program/index.ts';
import { Changes } from './changes.ts';
import { elementOf } from './elements.ts';
import { type Draw, Feeds } from './feeds.ts';
import { crossingOf, type Group, type Grouping, groupsOf, isUpdate } from './grouping.ts';
import { type Layout, NCHW, plainOf } from './layout.ts';
import { lower, lowerUpdate, type Provider, type Site } from './lowering/index.ts';
import { branchOf, IR_VERSION, infoOf, ModelParts, OPSETS, Scope } from './model-parts.ts';
import { Placement } from './placement.ts';

/** A variable that the entry changes. */
export interface Change {
  readonly variable: string;
  readonly tensor: string;
  /** Or only under a condition: what comes out is empty where it does not hold. */
  readonly always: boolean;
}

export interface EntryModel {
  readonly bytes: Uint8Array;
  readonly variables: readonly string[];
  readonly draws: readonly Draw[];
  readonly changes: readonly Change[];
}

export const outputTensor = (name: string): string => `.outputs/${name}`;
const nextTensor = (name: string): string => `.next/${name}`;

/** What leaves a branch. */
interface Crossing {
  readonly tensor: string;
  readonly dtype: string;
  /** of the tensor */
  readonly shape: Shape;
}

class EntryModelWriter {
  readonly #entry: Entry;
  readonly #provider: Provider;
  readonly #grouping: Grouping;
  readonly #placement: Placement;
  readonly #feeds: Feeds;
  readonly #changes: Changes;
  readonly #parts = new ModelParts();
  readonly #main = new Scope(this.#parts);

  constructor(entry: Entry, variables: ReadonlyMap<string, Variable>, provider: Provider) {
    this.#entry = entry;
    this.#provider = provider;
    this.#grouping = groupsOf(entry);
    this.#placement = new Placement(entry, this.#grouping.standsFor);
    this.#feeds = new Feeds(entry, variables, provider);
    this.#changes = new Changes(entry, (name) => this.#feeds.variable(name));
  }

  write(): EntryModel {
    const crossing = crossingOf(this.#entry, this.#grouping);
    for (const group of this.#grouping.groups) {
      if (group.guard.length > 0) this.#branch(group, crossing.get(group) ?? []);
      else
        for (const [name, tensor] of this.#lowerAll(this.#main, group))
          this.#changes.set(name, { tensor, always: true });
    }
    const output = [...this.#outputs(), ...this.#changed()];
    const graph = { name: 'step', node: this.#main.nodes, initializer: this.#parts.initializers };
    const bytes = encodeModel({
      irVersion: IR_VERSION,
      producerName: 'bionas',
      opsetImport: OPSETS,
      metadataProps: [],
      graph: { ...graph, input: this.#feeds.infos, output },
    });
    const { variables, draws } = this.#feeds;
    const changes = this.#changes
      .all()
      .map(([variable, { always }]) => ({ variable, tensor: nextTensor(variable), always }));
    return { bytes, variables: [...variables], draws, changes };
  }

  /** @returns the variables that change, and their new tensors */
  #lowerAll(scope: Scope, { units }: Group): ReadonlyMap<string, string> {
    const changed = new Map<string, string>();
    for (const unit of units) {
      if (isUpdate(unit)) this.#lowerUpdate(scope, unit, changed);
      else this.#lowerOperation(scope, unit);
    }
    return changed;
  }

  #lowerOperation(scope: Scope, operation: Operation): void {
    const placed = lower(this.#site(scope, operation.name), operation);
    operation.outputs.forEach((value, i) => {
      const each = placed[i];
      if (each !== undefined) this.#placement.place(value, each);
    });
  }

  #lowerUpdate(scope: Scope, update: Update, changed: Map<string, string>): void {
    const { node, scalar, laid } = this.#site(scope, update.variable.name);
    const now = (name: string) => changed.get(name) ?? this.#changes.now(name);
    const become = (name: string, tensor: string) => void changed.set(name, tensor);
    lowerUpdate({ node, scalar, laid, now, become }, update);
  }

  /** What is there under the group's conditions: one branch computes it, the other leaves it absent. */
  #branch(group: Group, values: Iterable<Value>): void {
    const condition = this.#truthOf(group);
    const scope = new Scope(this.#parts, this.#main);
    const changed = [...this.#lowerAll(scope, group)];
    const site = this.#site(scope, '.branch');
    const tensors = [...values].map((value) => this.#leaving(site, value));
    const variables = changed.map(([name, tensor]) => {
      const { shape } = this.#feeds.variableOf(name);
      return { tensor, dtype: 'float32', shape: shape.length === 0 ? [1] : shape };
    });
    const outside = this.#if(condition, scope, [...tensors, ...variables]);
    tensors.forEach(({ value, layout }, i) => {
      this.#placement.place(value, { tensor: outside[i] ?? '', layout });
    });
    changed.forEach(([name], i) => {
      this.#changes.set(name, { tensor: outside[tensors.length + i] ?? '', always: false });
    });
  }

  #leaving(site: Site, value: Value): Crossing & { value: Value; layout: Layout } {
    const { shape, dtype } = value;
    const usual = shape.length === 4 ? NCHW : plainOf(shape.length);
    const layout = this.#placement.layoutOf(value) ?? usual;
    const sides = layout.map((axis) => shape[axis] ?? 0);
    return { value, layout, tensor: site.laid(value, layout), dtype, shape: sides };
  }

  /** @returns what the tensors are called outside */
  #if(condition: string, scope: Scope, crossing: readonly Crossing[]): readonly string[] {
    if (crossing.length === 0) return [];
    const missing = new Scope(this.#parts, this.#main);
    const copied = (within: Scope, tensor: string) =>
      within.addOne({ type: 'Identity', name: '.branch', inputs: [tensor] });
    const elements = crossing.map(({ dtype }) => elementOf(dtype, this.#provider));
    const there = new Set<string>();
    for (const { tensor } of crossing)
      there.add(scope.gives(tensor) && !there.has(tensor) ? tensor : copied(scope, tensor));
    const absent = crossing.map(({ shape }, i) =>
      copied(missing, this.#parts.absent(elements[i] ?? ELEMENT.float32, shape)),
    );
    const name = this.#parts.unique('.branch');
    return this.#main.add({
      type: 'If',
      name,
      inputs: [condition],
      outputs: crossing.length,
      attributes: {
        then_branch: { graph: branchOf(`${name}/there`, scope.nodes, [...there], elements) },
        else_branch: { graph: branchOf(`${name}/absent`, missing.nodes, absent, elements) },
      },
    });
  }

  #truthOf({ guard }: Group): string {
    const site = this.#site(this.#main, '.conditions');
    const truths = guard.map(({ condition, open }) => {
      const truth = this.#main.remember(`true ${condition.id}`, () =>
        site.node('Cast', [site.laid(condition, [])], { to: ELEMENT.bool }),
      );
      if (open) return truth;
      return this.#main.remember(`false ${condition.id}`, () => site.node('Not', [truth]));
    });
    return truths.reduce((all, each) =>
      this.#main.remember(`both ${all} ${each}`, () => site.node('And', [all, each])),
    );
  }

  #site(scope: Scope, name: string): Site {
    const site: Site = {
      provider: this.#provider,
      node: (type, inputs, attributes = {}) => scope.addOne({ type, name, inputs, attributes }),
      nodeOf: (outputs, type, inputs, attributes = {}) =>
        scope.add({ type, name, inputs, outputs, attributes }),
      constant: (data, shape) => this.#parts.floats(data, shape),
      scalar: (value) => this.#parts.floats([value], []),
      ints: (values) => this.#parts.ints(values),
      int32s: (values, shape) => this.#parts.int32s(values, shape),
      laid: (value, layout) => this.#placement.laid(scope, site, { value, layout }),
      stretched: (value, layout) => this.#placement.stretched(scope, site, { value, layout }),
      layoutOf: (value) => this.#placement.layoutOf(value),
      random: (operation) => {
        const [key] = operation.inputs.map(this.#grouping.standsFor);
        return this.#feeds.random(operation, key);
      },
      variable: (variable) => this.#feeds.variable(variable),
      input: (input) => this.#feeds.input(input),
      elementOf: ({ dtype }) => elementOf(dtype, this.#provider),
    };
    return site;
  }

  #outputs(): readonly OnnxValueInfo[] {
    const site = this.#site(this.#main, '.outputs');
    return Object.entries(this.#entry.outputs).map(([name, value]) =>
      this.#shown(outputTensor(name), site.laid(value, plainOf(value.shape.length)), value.dtype),
    );
  }

  #changed(): readonly OnnxValueInfo[] {
    return this.#changes
      .all()
      .map(([name, { tensor }]) => this.#shown(nextTensor(name), tensor, 'float32'));
  }

  /** A graph's outputs have names of their own. */
  #shown(name: string, tensor: string, dtype: string): OnnxValueInfo {
    const node = { opType: 'Identity', name, input: [tensor], output: [name], attribute: [] };
    this.#main.nodes.push(node);
    return infoOf(name, elementOf(dtype, this.#provider));
  }
}

/** @throws ExecutorError naming the operation that has no form in ONNX */
export const writeEntryModel = (
  entry: Entry,
  variables: ReadonlyMap<string, Variable>,
  provider: Provider,
): EntryModel => new EntryModelWriter(entry, variables, provider).write();

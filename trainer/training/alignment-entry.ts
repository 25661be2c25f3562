// `align`: how far a step by the learning rules is from the step that backpropagation would take from the same weights, pictures and
// dropped paths. One forward pass, two ways back; nothing is updated. alignment.ts makes angles of its numbers.
import type { VariableTable } from '../primitives/index.ts';
import {
  concat,
  type Entry,
  type Graph,
  multiply,
  reshape,
  total,
  type Value,
  type Variable,
} from '../program/index.ts';
import { openStep, type StepPlan } from './open-step.ts';

/** A layer with weights; without a rule where no signal goes further back (the first one) and none of its own is learned by. */
export interface MeasuredLayer {
  readonly layer: string;
  readonly rule?: string;
  /** Whether B has W's shape, so that there is an angle between them. */
  readonly comparable: boolean;
}

/** Numbers a row: <B,W>, <B,B>, <W,W>, <g,g*>, <g,g>, <g*,g*>; g by the rules, g* by backpropagation. */
export const ROW = 6;

export interface AlignmentEntry {
  /** Inputs as `train`, without the rate; output alignment [layers * ROW]. */
  readonly entry: Entry;
  readonly layers: readonly MeasuredLayer[];
}

export function alignmentEntry(plan: StepPlan, variables: VariableTable): AlignmentEntry {
  const { at, backward } = openStep(plan, variables);
  const { g, gradients, feedback } = at;
  backward();
  const byRules = new Map(gradients);
  gradients.clear();
  at.backwards.exact = true;
  backward();
  const rows = variables.parameters.flatMap((variable) => {
    if (!isWeight(variable)) return [];
    const layer = variable.name.replace(WEIGHT, '');
    const [own, exact] = [byRules.get(variable.name), gradients.get(variable.name)];
    if (own === undefined || exact === undefined) return [];
    const W = g.read(variable);
    const sent = feedback.get(layer);
    const B = sent?.B;
    const comparable = B !== undefined && B.shape.join() === W.shape.join();
    const known = sent === undefined ? {} : { rule: sent.rule };
    const nothing = [g.scalar(0), g.scalar(0), g.scalar(0)];
    const numbers = [...(comparable ? products(g, B, W) : nothing), ...products(g, own, exact)];
    return [{ layer: { layer, ...known, comparable }, numbers }];
  });
  const numbers = rows.flatMap((row) => row.numbers).map((each) => reshape(g, each, [1]));
  const entry = g.entry('align', { alignment: concat(g, numbers, 0) });
  return { entry, layers: rows.map(({ layer }) => layer) };
}

const WEIGHT = /\/weight$/;

/** Neither a bias nor of a batch norm. */
export const isWeight = ({ name }: Pick<Variable, 'name'>): boolean => WEIGHT.test(name);

/** <a,b>, <a,a>, <b,b> */
const products = (g: Graph, a: Value, b: Value): Value[] =>
  [
    [a, b],
    [a, a],
    [b, b],
  ].map(([left = a, right = b]) => total(g, multiply(g, left, right)));

/** `gradients`: the gradient of each of these layers' weights, by the learning rules; inputs as `align`. */
export function gradientsEntry(
  plan: StepPlan,
  variables: VariableTable,
  layers: readonly MeasuredLayer[],
): Entry {
  const { at, backward } = openStep(plan, variables);
  backward();
  const outputs = layers.flatMap(({ layer }) => {
    const gradient = at.gradients.get(`${layer}/weight`);
    return gradient === undefined ? [] : [[layer, gradient] as const];
  });
  return at.g.entry('gradients', Object.fromEntries(outputs));
}

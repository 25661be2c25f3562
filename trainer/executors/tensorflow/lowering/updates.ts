// Updates of variables, ordered after the step's reads and, where two touch one variable, after each other.
import type { Update, Value, Variable } from '../../../program/index.ts';
import type { Handle, Output } from '../c-api.ts';
import type { NodeDefinition } from '../graph-builder.ts';

/** Where the updates of one entry are put. */
export interface UpdateSite {
  add(node: NodeDefinition): Output;
  /** float32 */
  scalar(value: number): Output;
  outputOf(value: Value): Output;
  handle(variable: string): Output;
  /** the node that read the variable in this entry, if any did */
  readerOf(variable: string): Handle | undefined;
}

const touched = (update: Update): readonly Variable[] =>
  update.kind === 'assign' ? [update.variable] : [update.variable, update.accumulator];

/** @returns the nodes that a run must have as targets */
export function lowerUpdates(site: UpdateSite, updates: readonly Update[]): readonly Handle[] {
  const last = new Map<string, Handle>();
  return updates.map((update, i) => {
    const names = touched(update).map(({ name }) => name);
    const before = names.flatMap((name) => [site.readerOf(name), last.get(name)]);
    const after = [...new Set(before)].filter((node) => node !== undefined);
    const name = `${update.variable.name}/${update.kind}_${i}`;
    const { oper } = site.add({ name, after, ...lowerUpdate(site, update) });
    for (const touchedName of names) last.set(touchedName, oper);
    return oper;
  });
}

function lowerUpdate(site: UpdateSite, update: Update): Omit<NodeDefinition, 'name' | 'after'> {
  const variable = site.handle(update.variable.name);
  if (update.kind === 'assign')
    return { type: 'AssignVariableOp', inputs: [variable, site.outputOf(update.value)] };
  return {
    type: 'ResourceApplyMomentum',
    inputs: [
      variable,
      site.handle(update.accumulator.name),
      site.outputOf(update.rate),
      site.outputOf(update.gradient),
      site.scalar(update.momentum),
    ],
    attributes: { use_nesterov: { flag: update.nesterov } },
  };
}

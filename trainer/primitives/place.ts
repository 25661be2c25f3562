// Opens the place that an entry of a program is written in.
import { backpropagation, type LearningRule } from '../learning-rules/index.ts';
import { ALONE, Graph, type Worker } from '../program/index.ts';
import type { Initialization, Mode, Place } from './layer.ts';
import { noNodes } from './nodes.ts';
import { counter, noPasses } from './passes.ts';
import type { VariableTable } from './variable-table.ts';

export interface PlacePlan {
  readonly mode: Mode;
  /** Shared by the entries of one program. */
  readonly variables: VariableTable;
  readonly initialization: Initialization;
  /** Of a number in a gradient or signal; default: any. */
  readonly largest?: number | undefined;
  /** Default: alone. */
  readonly worker?: Worker | undefined;
  /** Of weights that no network gives a rule; default: backpropagation. */
  readonly rule?: LearningRule;
}

export function openPlace({
  mode,
  variables,
  initialization,
  largest,
  worker = ALONE,
  rule = backpropagation,
}: PlacePlan): Place {
  const g = new Graph();
  return {
    g,
    mode,
    variables,
    initialization,
    largest,
    worker,
    bounded: new Set(),
    rule,
    gradients: new Map(),
    learning: new Map(),
    passes: noPasses(),
    nodes: noNodes(),
    feedback: new Map(),
    conditions: new Map(),
    backwards: { exact: false },
    updates: [],
    key: g.input('key', [2], 'int32'),
    nextStream: counter(),
  };
}

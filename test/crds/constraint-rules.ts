// Rules of objectives and constraints, a case each.
import type { RuleCase } from './robustness-rules.ts';

const objective = (metric: string, goal: string, target?: number) => ({
  objectives: [{ metric, goal, ...(target === undefined ? {} : { target }) }],
});

const constraint = (one: Record<string, unknown>) => ({ constraints: [one] });

const GOAL = 'accuracy and robustAccuracy are maximized, loss and latency are minimized';
const ON_DEMAND = 'of a supernet nobody measures robustAccuracy, latency, synflow, alignmentAtInit';
const supernet = (fields: Record<string, unknown>) => ({
  searchSpace: { kind: 'darts', conversion: 'partial', cells: 3, channels: 4 },
  algorithm: { name: 'darts' },
  ...fields,
});

export const CONSTRAINT_CASES: readonly RuleCase[] = [
  ...(['accuracy', 'robustAccuracy'] as const).map((metric) => ({
    good: objective(metric, 'maximize'),
    bad: objective(metric, 'minimize'),
    path: 'spec.objectives.0.goal',
    message: GOAL,
  })),
  ...(['loss', 'latency'] as const).map((metric) => ({
    good: objective(metric, 'minimize'),
    bad: objective(metric, 'maximize'),
    path: 'spec.objectives.0.goal',
    message: GOAL,
  })),
  {
    good: objective('loss', 'minimize', 0),
    bad: objective('loss', 'minimize', -1),
    path: 'spec.objectives.0.target',
    message: 'target is at least 0',
  },
  {
    good: objective('accuracy', 'maximize', 1),
    bad: objective('accuracy', 'maximize', 95),
    path: 'spec.objectives.0.target',
    message: 'a target of accuracy is at most 1',
  },
  {
    good: constraint({ metric: 'parameters', max: 10_000 }),
    bad: constraint({ metric: 'parameters' }),
    path: 'spec.constraints.0',
    message: 'a constraint has a min, a max, or both',
  },
  {
    good: constraint({ metric: 'macs', min: 5, max: 5 }),
    bad: constraint({ metric: 'macs', min: 6, max: 5 }),
    path: 'spec.constraints.0.min',
    message: 'min is at most max',
  },
  {
    good: constraint({ metric: 'robustAccuracy', min: 0.2 }),
    bad: constraint({ metric: 'robustAccuracy', min: 20 }),
    path: 'spec.constraints.0.min',
    message: 'a min of accuracy is at most 1',
  },
  {
    good: supernet(objective('accuracy', 'maximize')),
    bad: supernet(objective('latency', 'minimize')),
    path: 'spec.objectives',
    message: ON_DEMAND,
  },
  {
    good: supernet(constraint({ metric: 'parameters', max: 1e6 })),
    bad: supernet(constraint({ metric: 'synflow', min: 1 })),
    path: 'spec.constraints',
    message: ON_DEMAND,
  },
];

// The entry that only answers: what an exported model computes. Not part of a step program, but it reads its variables.
import type { Network, Task } from '../network/index.ts';
import { openPlace, type VariableTable } from '../primitives/index.ts';
import type { Entry } from '../program/index.ts';
import { normalise, type Statistics } from './objective.ts';

export interface InferencePlan {
  readonly network: Network;
  readonly task: Task;
  readonly statistics: Statistics;
  /** Of the program whose variables answer. */
  readonly variables: VariableTable;
}

/** The entry that is timed: `infer` for as many pictures as that asks. */
export const LATENCY = 'latency';

/** Entry `infer` for one picture: `pictures` float32 [1,H,W,C] in [0,1] to `logits` [1,classes]. */
export function inferenceEntry(plan: InferencePlan, batch = 1, name = 'infer'): Entry {
  const { network, task, statistics, variables } = plan;
  const at = openPlace({ mode: 'evaluate', variables, initialization: 'xavier' });
  const { g } = at;
  const pictures = g.input('pictures', [batch, task.height, task.width, task.channels]);
  const x = normalise(g, pictures, { statistics });
  const { logits } = network(at, { value: x, needsGradient: false });
  return g.entry(name, { logits });
}

// Value nodes: under a rule that settles, what stands at a layer's output in training is not its prediction but a value of its own. It
// moves until its error and the signal from above agree. The network is written once more for each move, with the nodes where they are.
import { scale, subtract, type Value } from '../program/index.ts';
import type { Nodes, Place } from './layer.ts';
import { counter, noPasses } from './passes.ts';

export const noNodes = (): Nodes => ({ steps: 0, values: new Map(), next: new Map(), last: false });

export interface Node {
  /** What the layers above see. */
  readonly value: Value;
  /** From the signal that arrives here to the one that the layer learns by and sends back. Signals are of the mean over the batch. */
  settle(dy: Value): Value;
}

/** The node at the output of the layer written here, which predicts y [N,...]; y itself where the layer's rule has none. */
export function nodeAt(at: Place, y: Value): Node {
  const { g, rule, nodes, backwards, head } = at;
  const { settles } = rule;
  if (settles === undefined || at.mode !== 'train') return { value: y, settle: (dy) => dy };
  const { path } = g;
  const [batch = 1] = y.shape;
  nodes.steps = Math.max(nodes.steps, settles.steps);
  const value = nodes.values.get(path) ?? y;
  return {
    value,
    settle: (dy) => {
      // The head's answer is held by the loss, not by a node.
      if (backwards.exact || dy === head?.error) return dy;
      // Each picture settles for itself.
      const context = { g, value, prediction: y, dy: scale(g, dy, batch) };
      const end = nodes.last ? value : settles.move(context);
      nodes.next.set(path, end);
      return scale(g, subtract(g, y, end), 1 / batch);
    },
  };
}

/**
 * Lets the nodes of a network settle by ways back and passes in turns, of which nothing is kept but where the nodes go. Gives the last
 * pass, whose way back is what layers learn by: `first` where no layer has a node.
 */
export function settled<Pass extends { backward(): void }>(
  at: Place,
  first: Pass,
  write: (at: Place) => Pass,
): Pass {
  const { steps } = at.nodes;
  let [pass, { nodes }] = [first, at];
  for (let step = 1; step <= steps; step += 1) {
    pass.backward();
    at.gradients.clear();
    nodes = { steps, values: nodes.next, next: new Map(), last: step === steps };
    pass = write({ ...at, updates: [], nextStream: counter(), passes: noPasses(), nodes });
  }
  return pass;
}

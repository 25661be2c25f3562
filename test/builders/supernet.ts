// Small supernets for tests, with alpha as variables whose slopes stand among the gradients.
import {
  candidatesOf,
  DARTS_OPERATIONS,
  type DartsOperation,
  type LearningRuleName,
} from '../../crds/index.ts';
import { loadLearningRules } from '../../trainer/learning-rules/index.ts';
import {
  buildSupernet,
  CELL_KINDS,
  EDGES,
  type Network,
  type SupernetCandidate,
  type SupernetPlan,
} from '../../trainer/network/index.ts';

const rules = await loadLearningRules();

export const candidates = (
  learningRules: LearningRuleName[],
  operations: DartsOperation[] = [...DARTS_OPERATIONS],
): SupernetCandidate[] => [
  { operation: 'none' },
  ...candidatesOf({ learningRules, operations }, DARTS_OPERATIONS),
];

export const makeSupernetPlan = (changed: Partial<SupernetPlan> = {}): SupernetPlan => ({
  candidates: candidates(['BP']),
  shape: { cells: 3, channels: 2 },
  task: { height: 4, width: 4, channels: 1, classes: 3 },
  rules,
  rest: 'BP',
  partialChannels: 1,
  ...changed,
});

/** Alpha as parameters of the size that it has after some steps. */
export function withAlphas(plan: SupernetPlan): Network {
  const write = buildSupernet(plan);
  return (at, pictures) => {
    const declare = (kind: (typeof CELL_KINDS)[number]) =>
      at.variables.declare(at.g, {
        name: `alphas/${kind}`,
        shape: [EDGES, plan.candidates.length],
        role: 'parameter',
        initializer: { kind: 'uniform', bound: 1 },
      });
    const alphas = { normal: at.g.read(declare('normal')), reduce: at.g.read(declare('reduce')) };
    const { logits, backward, slopes } = write(alphas)(at, pictures);
    return {
      logits,
      backward: (dLogits) => {
        const dx = backward(dLogits);
        for (const kind of CELL_KINDS) at.gradients.set(`alphas/${kind}`, slopes()[kind]);
        return dx;
      },
    };
  };
}

// Rules between the fields of spec.final.robustness, a case each.

export interface RuleCase {
  readonly good: Record<string, unknown>;
  readonly bad: Record<string, unknown>;
  readonly path: string;
  readonly message: string;
}

interface AttackCase {
  readonly good: Record<string, unknown>;
  readonly bad: Record<string, unknown>;
  readonly message: string;
}

function attack(field: string, { good, bad, message }: AttackCase): RuleCase {
  const path = `spec.final.robustness.attacks.0.${field}`;
  const asked = (one: Record<string, unknown>) => ({ final: { robustness: { attacks: [one] } } });
  return { good: asked(good), bad: asked(bad), path, message };
}

export const ROBUSTNESS_CASES: readonly RuleCase[] = [
  {
    good: { final: { topK: 1, robustness: {} } },
    bad: { final: { topK: 0, robustness: {} } },
    path: 'spec.final.topK',
    message: 'robustness is that of final networks: topK is at least 1',
  },
  attack('norm', {
    good: { name: 'pgd', norm: 'l2' },
    bad: { name: 'tpgd', norm: 'l2' },
    message: 'tpgd is an attack of norm linf',
  }),
  attack('epsilons', {
    good: { name: 'fgsm', epsilons: [8] },
    bad: { name: 'one-pixel', epsilons: [8] },
    message: 'one-pixel bounds the number of pixels, not how far they change',
  }),
  attack('steps', {
    good: { name: 'apgd', steps: 5 },
    bad: { name: 'fgsm', steps: 5 },
    message: 'fgsm takes one step, and square is measured in queries',
  }),
  attack('queries', {
    good: { name: 'square', queries: 50 },
    bad: { name: 'one-pixel', queries: 50 },
    message: 'queries are of square',
  }),
  attack('pixels', {
    good: { name: 'one-pixel', pixels: [1, 5] },
    bad: { name: 'square', pixels: [1] },
    message: 'pixels are of one-pixel',
  }),
];

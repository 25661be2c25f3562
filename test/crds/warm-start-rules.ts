// Rules of spec.warmStart, a case each.
import type { RuleCase } from './robustness-rules.ts';

export const WARM_START_CASES: readonly RuleCase[] = [
  {
    good: { warmStart: { search: { name: 'day' } } },
    bad: { warmStart: {} },
    path: 'spec.warmStart',
    message: 'warmStart names genotypes, a search, or both',
  },
];

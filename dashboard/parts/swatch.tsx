// The colour of a rule, beside its name.
import { ruleColor } from '../../cli/drawing/index.ts';
import type { LearningRuleName } from '../api.ts';

export const Swatch = ({ rule }: { rule: LearningRuleName }) => (
  <i class="swatch" aria-hidden="true" style={{ background: ruleColor(rule) }} />
);

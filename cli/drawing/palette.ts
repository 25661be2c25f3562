// A colour for every learning rule, and for every line of a chart: Okabe and Ito's palette (2008), told apart with any kind of colour vision.
import { LEARNING_RULES, type LearningRuleName } from '../../crds/v1alpha1/learning-rule.ts';

const PALETTE = [
  '#0072b2',
  '#e69f00',
  '#009e73',
  '#cc79a7',
  '#d55e00',
  '#56b4e9',
  '#8c8c00',
  '#7a4fbf',
  '#8b5a2b',
  '#1b7f8c',
  '#3f3f3f',
];

/** By the rule's place in the contract, so that a new rule has its colour at once. */
export const ruleColor = (rule: LearningRuleName): string =>
  seriesColor(LEARNING_RULES.indexOf(rule));

export const seriesColor = (k: number): string => PALETTE[k % PALETTE.length] ?? '#888888';

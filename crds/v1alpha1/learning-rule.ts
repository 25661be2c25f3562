// The learning rules a layer may have. Adding one: a line here and trainer/learning-rules/<name in lower case>.ts.
import { z } from 'zod';

export const LEARNING_RULES = [
  'BP',
  'FA',
  'uSF',
  'brSF',
  'frSF',
  'KP',
  'WM',
  'DFA',
  'DRTP',
  'PEPITA',
  'PC',
] as const;

/** What a search chooses from unless told: those of the BioNAS paper, and backpropagation. */
export const PAPER_RULES = ['BP', 'FA', 'uSF', 'brSF', 'frSF'] as const;

// Pure: the dashboard's page takes the names and leaves zod behind.
export const LearningRuleName = /* @__PURE__ */ z.enum(LEARNING_RULES);
export type LearningRuleName = z.infer<typeof LearningRuleName>;

// The table of small programs, every operation kind among them. Executors run it against the reference, and the
// reference against central differences.
import { arrangement } from './arrangement.ts';
import { branching } from './branching.ts';
import { classification, loss } from './classification.ts';
import { elementwise } from './elementwise.ts';
import { normalization, normalizations } from './normalization.ts';
import { bothWays, type GradientCase, type ProgramCase } from './program-case.ts';
import { convolutions, pooling, ties } from './windows.ts';

export type { GradientCase, ProgramCase } from './program-case.ts';

export const GRADIENT_CASES: readonly GradientCase[] = [
  ...convolutions,
  ...pooling,
  ...normalizations,
  loss,
];

export const PROGRAM_CASES: readonly ProgramCase[] = [
  ...elementwise,
  ...arrangement,
  ...branching,
  ...classification,
  ...normalization,
  ties,
  ...GRADIENT_CASES.map(bothWays),
];

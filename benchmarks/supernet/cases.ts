// What the supernets of the benchmark are: the paper's candidates (of its 22 labels an edge three skips are one, and 20 differ), by
// each algorithm with its defaults.
import { EG_DEFAULTS, ONE_SHOT_DEFAULTS, SUPERNET_DEFAULTS } from '../../crds/index.ts';

const learningRules = ['FA', 'uSF', 'brSF', 'frSF'];

/** spec.supernet of a Trial. */
export const METHODS = {
  darts: { learningRules, ...SUPERNET_DEFAULTS },
  eg: { learningRules, ...EG_DEFAULTS, none: false, evolution: EG_DEFAULTS },
  'one-shot': { learningRules, ...ONE_SHOT_DEFAULTS, none: false, singlePath: ONE_SHOT_DEFAULTS },
} as const;

/** A supernet, or one network of the space by itself. */
export type Method = keyof typeof METHODS | 'alone';

export interface SupernetCase {
  readonly algorithm: Method;
  readonly batch: number;
  readonly cells: number;
  readonly channels: number;
  readonly threads: number;
}

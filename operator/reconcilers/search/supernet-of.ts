// What the supernets of a search mix and how it is decided: all that an edge of its space may be, and its algorithm's settings.
import {
  type Algorithm,
  type AlgorithmName,
  type BioNASSearchSpec,
  Supernet,
  settingsOf,
} from '../../../crds/index.ts';

/** Of each algorithm that proposes supernets. */
const SETTINGS: {
  readonly [Name in AlgorithmName]?: (settings: Algorithm['settings']) => object;
} = {
  darts: (settings) => settingsOf('darts', settings),
  eg: (settings) => {
    const own = settingsOf('eg', settings);
    return { ...own, none: false, evolution: own };
  },
  'one-shot': (settings) => {
    const own = settingsOf('one-shot', settings);
    return { ...own, none: false, singlePath: own };
  },
};

export function supernetOf({ searchSpace, algorithm }: BioNASSearchSpec): Supernet {
  const { operations, learningRules } = searchSpace;
  return Supernet.parse({
    ...SETTINGS[algorithm.name]?.(algorithm.settings),
    learningRules,
    ...(operations === undefined ? {} : { operations }),
  });
}

// A failed trial whose network is proposed again, as a trial of its own. That it was asked for is an event of the history, as a
// promotion is: a replay comes to the same proposal at the same place (docs/adr/0047).
import { textHash } from '../../crds/index.ts';
import type { AlgorithmState, Asked } from './algorithm.ts';
import { propose } from './proposing.ts';

/** `genotype`: canonical text. */
export type FailedTrial = readonly [index: number, genotype: string];

/** How a proposal says of which trial it is another try; its parent says so, too. */
export const againVariation = (index: number): string => `tries trial ${index} again`;

/** Takes the next index, as any proposal does, and nothing else of the algorithm. */
export const proposeAgain = <State extends AlgorithmState>(
  state: State,
  [index, text]: FailedTrial,
): Asked<State> =>
  propose(
    state,
    { text, hash: textHash(text) },
    { parent: index, variation: againVariation(index) },
  );

// BioNAS-DARTS and BioNAS-EG: every proposal is a supernet over all pairs of operation and rule, trained once a seed; the networks
// that they derive are what the search finds. Supernets learn nothing from each other. How alpha moves is the trainer's matter.
import { supernetText, textHash } from '../../../crds/index.ts';
import type { SearchAlgorithm } from '../algorithm.ts';
import { initialState, propose } from '../proposing.ts';

export const supernets: SearchAlgorithm = {
  init: (_settings, context) => initialState(context),
  ask: (state) => {
    const text = supernetText(state.proposed);
    const origin = { variation: 'another seed', kind: 'Supernet' } as const;
    return propose(state, { text, hash: textHash(text) }, origin);
  },
  tell: (state) => state,
};

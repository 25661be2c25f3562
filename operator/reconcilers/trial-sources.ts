// What else concerns a Trial: an edit of its search, and the end of an older one whose place it may take.
import type { BioNASSearch, Trial } from '../../crds/index.ts';
import { controllerOf, type Informer, keyOf, type Live, type Source } from '../runtime/index.ts';
import { heldAmong, takesPlace } from './trial/index.ts';

type OfSearch = (uid: string) => readonly Live<Trial>[];

/** A change of a search (suspend, parallelism) enqueues all its trials. */
export const trialsOfEach = (
  searches: Pick<Informer<BioNASSearch>, 'addHandler'>,
  ofSearch: OfSearch,
): Source => ({
  start: (enqueue) =>
    searches.addHandler(({ object, previous }) => {
      // Status is written often, and concerns no trial.
      if (previous?.metadata.generation === object.metadata.generation && previous !== undefined)
        return;
      for (const trial of ofSearch(object.metadata.uid)) enqueue(keyOf(trial));
    }),
});

/** The end of a trial, or its pause, enqueues those of its search that were held back. */
export const heldSiblings = (
  trials: Pick<Informer<Trial>, 'addHandler'>,
  ofSearch: OfSearch,
): Source => ({
  start: (enqueue) =>
    trials.addHandler(({ type, object }) => {
      if (type !== 'deleted' && takesPlace(object)) return;
      const search = controllerOf(object)?.uid ?? '';
      for (const trial of heldAmong(ofSearch(search))) enqueue(keyOf(trial));
    }),
});

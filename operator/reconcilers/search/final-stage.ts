// The Trials of a final stage, in the order in which they are begun. Pure: a restart comes to the same ones, under the same names.
import type { BioNASSearch, Trial } from '../../../crds/index.ts';
import type { Live } from '../../runtime/index.ts';
import { controlsOf, Random } from '../../search/index.ts';
import { type FinalPlace, finalTrial } from './trial-object.ts';

interface Chosen {
  readonly genotype: string;
  /** Index of the search trial that found it. */
  readonly index: number;
}

type Planned = Chosen & { readonly place: Omit<FinalPlace, 'index'> };

/**
 * Every network with its first seed, then with its others, then seed by seed its controls: whenever it is stopped, what there
 * is can be compared. The first has the index `from`.
 */
export function finalStage(
  search: Live<BioNASSearch>,
  networks: readonly Chosen[],
  from: number,
): Trial[] {
  const seeds = Array.from({ length: search.spec.final.seeds }, (_, seed) => seed);
  const trained = (seed: number): Planned[] =>
    networks.map((network, rank) => ({ ...network, place: { rank, seed } }));
  const planned = [
    ...seeds.flatMap(trained),
    ...networks.flatMap((network, rank) => {
      const controls = controlsOfNetwork(search, network);
      return seeds.flatMap((seed) =>
        controls.flatMap(({ kind, name, genotype, sameAs }, number): Planned[] => {
          const control = { kind, name, number };
          const { index } = network;
          return sameAs === undefined ? [{ genotype, index, place: { rank, seed, control } }] : [];
        }),
      );
    }),
  ];
  return planned.map(({ place, ...chosen }, k) =>
    finalTrial(search, chosen, { ...place, index: from + k }),
  );
}

/** The controls of a final network, those among them that are trained as another. */
export function controlsOfNetwork(
  { spec }: Pick<BioNASSearch, 'spec'>,
  { genotype, index }: Chosen,
): ReturnType<typeof controlsOf> {
  const random = Random.fromSeed(spec.seed).split(`controls of trial ${index}`);
  return controlsOf({
    genotype,
    space: spec.searchSpace,
    controls: spec.final.controls,
    random,
  });
}

// The Trial that a proposal becomes. Pure: the same search and proposal give the same Trial, under the same name.
import type { BioNASSearch, BioNASSearchSpec, Trial, TrialSpec } from '../../../crds/index.ts';
import { controllerReference, type Live } from '../../runtime/index.ts';
import { type Proposal, Random } from '../../search/index.ts';
import { SEARCHES } from '../objects.ts';
import { SEARCH_LABEL } from '../trial/index.ts';

/** Decimal digits of an index in a name, so that names sort as indexes do. */
const DIGITS = 4;

export const trialName = (search: string, index: number): string =>
  `${search}-${String(index).padStart(DIGITS, '0')}`;

export const finalName = (search: string, rank: number): string => `${search}-final-${rank}`;

const trialSeed = (searchSeed: number, label: string): number =>
  Random.fromSeed(searchSeed).split(label).next();

function networkShape({ searchSpace }: BioNASSearchSpec): TrialSpec['shape'] {
  const { cells, channels, network } = searchSpace;
  return {
    channels,
    ...(cells === undefined ? {} : { cells }),
    ...(network === undefined ? {} : { network }),
  };
}

function trial(
  search: Live<BioNASSearch>,
  name: string,
  spec: Omit<TrialSpec, 'search' | 'kind' | 'dataset' | 'template'>,
): Trial {
  const { metadata, spec: wanted } = search;
  const { apiVersion, kind } = SEARCHES;
  return {
    apiVersion: 'bionas.dev/v1alpha1',
    kind: 'Trial',
    metadata: {
      name,
      namespace: metadata.namespace,
      labels: { [SEARCH_LABEL]: metadata.name },
      ownerReferences: [{ ...controllerReference({ ...search, apiVersion, kind }) }],
    },
    spec: {
      search: metadata.name,
      kind: 'Train',
      dataset: wanted.dataset,
      ...spec,
      ...(wanted.trialTemplate === undefined ? {} : { template: wanted.trialTemplate }),
    },
  };
}

export function searchTrial(
  search: Live<BioNASSearch>,
  proposal: Proposal,
  proposedAfter: number,
): Trial {
  const { spec, metadata } = search;
  const { index, genotype, parent, variation } = proposal;
  return trial(search, trialName(metadata.name, index), {
    index,
    purpose: 'Search',
    genotype,
    ...(parent === undefined ? {} : { parent }),
    variation,
    proposedAfter,
    seed: trialSeed(spec.seed, `trial ${index}`),
    shape: networkShape(spec),
    training: spec.training,
    fidelity: { epochs: spec.training.epochs },
  });
}

/** One of the best networks, to be trained anew on all training pictures and tested. */
export function finalTrial(
  search: Live<BioNASSearch>,
  chosen: { readonly genotype: string; readonly index: number },
  { rank, index }: { readonly rank: number; readonly index: number },
): Trial {
  const { spec, metadata } = search;
  const { cells, channels, learningRate, ...recipe } = spec.final.training;
  const training = {
    ...spec.training,
    ...defined(recipe),
    optimizer: { ...spec.training.optimizer, ...defined({ learningRate }) },
  };
  return trial(search, finalName(metadata.name, rank), {
    index,
    purpose: 'Final',
    genotype: chosen.genotype,
    parent: chosen.index,
    variation: `retrains trial ${chosen.index}`,
    proposedAfter: 0,
    seed: trialSeed(spec.seed, `final ${rank}`),
    shape: { ...networkShape(spec), ...defined({ cells, channels }) },
    training,
    fidelity: { epochs: training.epochs },
  });
}

/** Without the fields that nobody set. */
function defined<T extends object>(fields: T): { [K in keyof T]: NonNullable<T[K]> } {
  const set = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set) as { [K in keyof T]: NonNullable<T[K]> };
}

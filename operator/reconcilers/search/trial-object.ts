// The Trial that a proposal becomes. Pure: the same search and proposal give the same Trial, under the same name.
import { isDeepStrictEqual } from 'node:util';
import {
  type BioNASSearch,
  type BioNASSearchSpec,
  type Control,
  type Trial,
  type TrialSpec,
  USUAL_CHECKPOINTS,
} from '../../../crds/index.ts';
import { controllerReference, type Live } from '../../runtime/index.ts';
import { type EngineProposal, Random } from '../../search/index.ts';
import { SEARCHES } from '../objects.ts';
import { queueLabels, SEARCH_LABEL } from '../trial/index.ts';
import { measuresOf } from './measures-of.ts';
import { supernetOf } from './supernet-of.ts';

/** Decimal digits of an index in a name, so that names sort as indexes do. */
const DIGITS = 4;

export const trialName = (search: string, index: number): string =>
  `${search}-${String(index).padStart(DIGITS, '0')}`;

/** What a final trial is among those of its stage. */
export interface FinalPlace {
  /** Of its network, from 0. */
  readonly rank: number;
  /** Which of spec.final.seeds, from 0: the network and its controls are trained by the same ones. */
  readonly seed: number;
  /** Place in the search. */
  readonly index: number;
  /** Absent where it is the network itself; `number` is its place among the network's controls. */
  readonly control?: Control & { readonly number: number };
}

/** At most 11 characters more than the search's: those of -f0-c03-s19. */
export function finalName(search: string, { rank, seed, control }: FinalPlace): string {
  if (control !== undefined)
    return `${search}-f${rank}-c${String(control.number).padStart(2, '0')}-s${seed}`;
  return seed === 0 ? `${search}-final-${rank}` : `${search}-f${rank}-s${seed}`;
}

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
  spec: Omit<TrialSpec, 'search' | 'kind' | 'dataset' | 'checkpoints' | 'sharing' | 'template'> &
    Partial<Pick<TrialSpec, 'kind'>>,
): Trial {
  const { metadata, spec: wanted } = search;
  const { apiVersion, kind } = SEARCHES;
  return {
    apiVersion: 'bionas.dev/v1alpha1',
    kind: 'Trial',
    metadata: {
      name,
      namespace: metadata.namespace,
      labels: { ...queueLabels(metadata.labels), [SEARCH_LABEL]: metadata.name },
      ownerReferences: [{ ...controllerReference({ ...search, apiVersion, kind }) }],
    },
    spec: {
      search: metadata.name,
      kind: 'Train',
      dataset: wanted.dataset,
      ...spec,
      ...(isDeepStrictEqual(wanted.checkpoints, USUAL_CHECKPOINTS)
        ? {}
        : { checkpoints: wanted.checkpoints }),
      ...(wanted.sharing.perDevice === 1 ? {} : { sharing: wanted.sharing }),
      ...(wanted.trialTemplate === undefined ? {} : { template: wanted.trialTemplate }),
    },
  };
}

export function searchTrial(
  search: Live<BioNASSearch>,
  proposal: EngineProposal,
  planned: Partial<Pick<TrialSpec, 'fidelity' | 'stopping'>> = {},
): Trial {
  const { spec, metadata } = search;
  const { index, genotype, parent, variation, kind, proposedAfter } = proposal;
  return trial(search, trialName(metadata.name, index), {
    index,
    ...(kind === undefined ? measuresOf(spec) : { kind, supernet: supernetOf(spec) }),
    purpose: 'Search',
    genotype,
    ...(parent === undefined ? {} : { parent }),
    variation,
    proposedAfter,
    seed: trialSeed(spec.seed, `trial ${index}`),
    shape: networkShape(spec),
    training: spec.training,
    fidelity: { epochs: spec.training.epochs },
    ...planned,
  });
}

/** One of the best networks, or a control of it, to be trained anew on all training pictures and tested. */
export function finalTrial(
  search: Live<BioNASSearch>,
  chosen: { readonly genotype: string; readonly index: number },
  place: FinalPlace,
): Trial {
  const { spec, metadata } = search;
  const { rank, seed, index, control } = place;
  const { cells, channels, learningRate, ...recipe } = spec.final.training;
  const training = {
    ...spec.training,
    ...defined(recipe),
    optimizer: { ...spec.training.optimizer, ...defined({ learningRate }) },
  };
  return trial(search, finalName(metadata.name, place), {
    index,
    purpose: 'Final',
    ...(control === undefined ? {} : { control: { kind: control.kind, name: control.name } }),
    genotype: chosen.genotype,
    parent: chosen.index,
    variation: `${control === undefined ? 'retrains' : `${control.kind} control of`} trial ${chosen.index}`,
    proposedAfter: 0,
    seed: trialSeed(spec.seed, seed === 0 ? `final ${rank}` : `final ${rank} seed ${seed}`),
    shape: { ...networkShape(spec), ...defined({ cells, channels }) },
    training,
    fidelity: { epochs: training.epochs },
    // Attacks cost more than training: of each network and control, the first seed has to do.
    ...(seed === 0 ? defined({ robustness: spec.final.robustness }) : {}),
  });
}

/** Without the fields that nobody set. */
function defined<T extends object>(fields: T): { [K in keyof T]: NonNullable<T[K]> } {
  const set = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set) as { [K in keyof T]: NonNullable<T[K]> };
}

// The searches of `make bench-real-searches`: one by every algorithm and one under every scheduler, on the sample of CIFAR-10,
// alike but for what they are there to show.
import {
  ALGORITHM_NAMES,
  type AlgorithmName,
  type BioNASSearchSpec,
  Scheduling,
} from '../../crds/index.ts';

const SCHEDULERS = Scheduling.shape.name.unwrap().options.filter((name) => name !== 'none');
const LEARNING_RULES = ['FA', 'uSF', 'brSF', 'frSF'];

/** Of networks that are trained one by one. */
const NETWORKS = {
  searchSpace: {
    kind: 'nb201',
    learningRules: LEARNING_RULES,
    conversion: 'partial',
    cells: 1,
    channels: 8,
  },
  budget: { trials: 12 },
  parallelism: 2,
};

/** As in the paper, but small: all candidates of a DARTS cell in one network, a quarter of the channels through them. */
const SUPERNETS = {
  searchSpace: {
    kind: 'darts',
    operations: ['skip_connect', 'max_pool_3x3', 'sep_conv_3x3', 'dil_conv_3x3'],
    learningRules: LEARNING_RULES,
    conversion: 'partial',
    cells: 3,
    channels: 8,
  },
  budget: { trials: 1 },
  parallelism: 1,
};

interface Own {
  readonly settings?: BioNASSearchSpec['algorithm']['settings'];
  readonly epochs?: number;
  /** Fields of the spec. */
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** With so few networks, what an algorithm learns has to begin early. */
const OF_ALGORITHMS: { readonly [Name in AlgorithmName]?: Own } = {
  'regularized-evolution': { settings: { population: 5, sample: 3 } },
  nsga2: {
    settings: { population: 4 },
    spec: {
      objectives: [
        { metric: 'accuracy', goal: 'maximize' },
        { metric: 'parameters', goal: 'minimize' },
      ],
    },
  },
  tpe: { settings: { startup: 4 } },
  'local-search': { settings: { starts: 2 } },
  darts: {
    settings: { partialChannels: 4, alphaLearningRate: 0.02, warmupEpochs: 1 },
    epochs: 4,
    spec: SUPERNETS,
  },
  eg: {
    settings: { warmupEpochs: 1, samples: 2, population: 12, generations: 2, alphaStep: 1 },
    epochs: 4,
    spec: SUPERNETS,
  },
  'one-shot': {
    settings: {
      ...{ population: 8, generations: 3, parents: 3 },
      ...{ judgedPictures: 500, calibrationBatches: 4 },
    },
    epochs: 12,
    spec: SUPERNETS,
  },
};

export interface RealSearch {
  readonly name: string;
  readonly manifest: Readonly<Record<string, unknown>>;
}

/** `pictures`: directory of CIFAR-10's binary files. */
export function realSearches(pictures: string): readonly RealSearch[] {
  const common = {
    seed: 1,
    dataset: { name: 'cifar10', path: pictures, trainPictures: 3000, validationPictures: 1500 },
    final: { topK: 1, training: { epochs: 4 } },
  };
  const training = (epochs: number) => ({
    epochs,
    batchSize: 64,
    optimizer: { learningRate: 0.05, weightDecay: 0.0003 },
    augmentation: { crop: 4, flip: true },
  });
  const search = (name: string, spec: Readonly<Record<string, unknown>>): RealSearch => ({
    name,
    manifest: {
      apiVersion: 'bionas.dev/v1alpha1',
      kind: 'BioNASSearch',
      metadata: { name },
      spec: { ...common, ...spec },
    },
  });
  const algorithms = ALGORITHM_NAMES.map((name) => {
    const { settings = {}, epochs = 2, spec } = OF_ALGORITHMS[name] ?? {};
    const algorithm = { name, settings };
    return search(name, { ...NETWORKS, ...spec, training: training(epochs), algorithm });
  });
  const schedulers = SCHEDULERS.map((name) =>
    search(name, {
      ...NETWORKS,
      algorithm: { name: 'random' },
      scheduling: { name },
      training: training(6),
    }),
  );
  return [...algorithms, ...schedulers];
}

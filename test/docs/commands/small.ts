// Manifests of the examples, made to train in seconds: few pictures of Fashion-MNIST, few trials, one epoch.
import { parseAllDocuments, stringify } from 'yaml';

/** The last one's index is 4, which stands for any that a page names. */
export const TRIALS = 5;
export const PICTURES = { train: 400, test: 100 };

const PARALLELISM = 2;
const DATASET = { name: 'fashion-mnist', trainPictures: 200, validationPictures: 100 };
const TRAINING = { epochs: 1, batchSize: 32 };

/** The text of a manifest with less to do; that of anything else as it is. */
export function small(text: string): string {
  const [{ kind, ...manifest }, ...more] = parseAllDocuments(text).map((each) => each.toJS());
  if (more.length > 0 || !['BioNASSearch', 'Trial'].includes(kind)) return text;
  const { spec } = manifest;
  return stringify({
    ...{ ...manifest, kind },
    spec: kind === 'Trial' ? smallTrial(spec) : smallSearch(spec),
  });
}

type Fields = Readonly<Record<string, unknown>>;
const of = (value: unknown): Fields => (value ?? {}) as Fields;

function smallSearch(spec: Fields): Fields {
  const { algorithm, final, scheduling: _, ...rest } = spec;
  const { settings, ...named } = of(algorithm);
  const few = of(settings)['population'] === undefined ? {} : { population: 3, sample: 2 };
  const space = of(spec['searchSpace']);
  return {
    ...rest,
    searchSpace: space['cells'] === undefined ? space : { ...space, ...smallShape(space['kind']) },
    algorithm: settings === undefined ? named : { ...named, settings: { ...of(settings), ...few } },
    dataset: DATASET,
    training: smallTraining(spec),
    budget: { trials: TRIALS },
    parallelism: PARALLELISM,
    ...(final === undefined ? {} : { final: { topK: 1, training: { epochs: 1 } } }),
  };
}

/** Of DARTS, a cell a stage. */
const smallShape = (kind: unknown): Fields => ({ cells: kind === 'nb201' ? 1 : 3, channels: 8 });

function smallTrial({ robustness: _, ...spec }: Fields): Fields {
  return {
    ...spec,
    shape: smallShape('darts'),
    dataset: DATASET,
    training: smallTraining(spec),
    fidelity: { epochs: TRAINING.epochs },
  };
}

function smallTraining(spec: Fields): Fields {
  const training = of(spec['training']);
  // That of photographs, of many sizes.
  const { resizedCrop: _, ...augmentation } = of(training['augmentation']);
  return { ...training, ...TRAINING, augmentation };
}

// Manifests of the examples, made to train in seconds: few pictures of Fashion-MNIST, few trials, one epoch.
import { parse, stringify } from 'yaml';

/** The last one's index is 4, which stands for any that a page names. */
export const TRIALS = 5;
export const PICTURES = { train: 400, test: 100 };

const DATASET = { name: 'fashion-mnist', trainPictures: 200, validationPictures: 100 };
const TRAINING = { epochs: 1, batchSize: 32 };

/** The text of a manifest with less to do. */
export function small(text: string): string {
  const { spec, ...rest } = parse(text);
  return stringify({ ...rest, spec: rest.kind === 'Trial' ? smallTrial(spec) : smallSearch(spec) });
}

type Fields = Readonly<Record<string, unknown>>;
const of = (value: unknown): Fields => (value ?? {}) as Fields;

function smallSearch(spec: Fields): Fields {
  const { algorithm, final, scheduling: _, ...rest } = spec;
  const { settings, ...named } = of(algorithm);
  const few = of(settings)['population'] === undefined ? {} : { population: 3, sample: 2 };
  return {
    ...rest,
    algorithm: settings === undefined ? named : { ...named, settings: { ...of(settings), ...few } },
    dataset: DATASET,
    training: { ...of(spec['training']), ...TRAINING },
    budget: { trials: TRIALS },
    ...(final === undefined ? {} : { final: { topK: 1, training: { epochs: 1 } } }),
  };
}

const smallTrial = (spec: Fields): Fields => ({
  ...spec,
  dataset: DATASET,
  training: { ...of(spec['training']), ...TRAINING },
});

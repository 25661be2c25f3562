// Whether a supernet of single paths puts cells into the order that they have when each is trained alone. What was trained stays in
// the cache, so that a run that was stopped goes on.
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrapIntervalOf, kendallTau, type Pair } from '../../cli/statistics/index.ts';
import { printGenotype, Trial, type TrialSpec } from '../../crds/index.ts';
import { Random as SearchRandom } from '../../operator/search/index.ts';
import { createInThreadStream } from '../../trainer/data/index.ts';
import { createTensorFlowExecutor } from '../../trainer/executors/index.ts';
import type { SupernetCandidate } from '../../trainer/network/index.ts';
import { Random } from '../../trainer/random.ts';
import { CHECKPOINT, inPlace, type TrialPorts, untold } from '../../trainer/training/index.ts';
import {
  candidatesIn,
  drawGenes,
  type Genes,
  genotypeOf,
  judgePaths,
} from '../../trainer/training/supernet/index.ts';
import { openTrialData } from '../../trainer/trial-data.ts';
import { CACHE, LIBRARY, trainHere } from '../train-here.ts';

export interface RankingPlan {
  readonly seed: number;
  /** How many are sampled. */
  readonly networks: number;
  readonly supernetEpochs: number;
  readonly aloneEpochs: number;
  readonly trainPictures: number;
  readonly validationPictures: number;
}

export interface Ranking {
  /** Kendall's tau-b of accuracy in the supernet and alone, and its 95 % bootstrap interval over cells. */
  readonly tau: number;
  readonly low: number | undefined;
  readonly high: number | undefined;
  readonly networks: readonly {
    readonly genotype: string;
    readonly inSupernet: number;
    readonly alone: number;
  }[];
}

const OPERATIONS = ['skip_connect', 'max_pool_3x3', 'sep_conv_3x3', 'dil_conv_3x3'];
const RULES = ['FA', 'uSF', 'brSF', 'frSF'];

function specOf(plan: RankingPlan, epochs: number, own: object): TrialSpec {
  const { seed, trainPictures, validationPictures } = plan;
  return Trial.parse({
    apiVersion: 'bionas.dev/v1alpha1',
    kind: 'Trial',
    metadata: { name: 'bench-supernet' },
    spec: {
      search: 'bench-supernet',
      index: 0,
      proposedAfter: 0,
      purpose: 'Search',
      seed,
      shape: { channels: 8, cells: 3 },
      dataset: { name: 'fashion-mnist', trainPictures, validationPictures },
      training: {
        epochs,
        batchSize: 64,
        optimizer: { name: 'sgd', learningRate: 0.05, momentum: 0.9, weightDecay: 0.0003 },
        schedule: { name: 'cosine', minimum: 0.001 },
        regularisation: { gradientClip: 5 },
        alignment: false,
      },
      fidelity: { epochs },
      ...own,
    },
  }).spec;
}

export async function rank(plan: RankingPlan): Promise<Ranking> {
  const directory = join(CACHE, 'bench-supernet', Object.values(plan).join('-'));
  mkdirSync(directory, { recursive: true });
  const supernet = specOf(plan, plan.supernetEpochs, {
    kind: 'Supernet',
    genotype: 'supernet 0',
    supernet: { operations: OPERATIONS, learningRules: RULES, none: false, singlePath: {} },
  });
  const paths = drawn(supernet, plan);
  const inSupernet = await scored(supernet, paths, directory);
  const networks = [];
  for (const [i, genes] of paths.entries()) {
    const genotype = textOf(supernet, genes);
    const alone = await trainedAlone(specOf(plan, plan.aloneEpochs, { genotype }), directory);
    networks.push({ genotype, inSupernet: inSupernet[i] ?? Number.NaN, alone });
    console.log(
      `network ${i + 1} of ${paths.length}: ${inSupernet[i]} in the supernet, ${alone} alone`,
    );
  }
  const pairs = networks.map((each): Pair => [each.inSupernet, each.alone]);
  const interval = bootstrapIntervalOf(kendallTau, pairs, SearchRandom.fromSeed(plan.seed));
  return { tau: kendallTau(pairs), low: interval?.low, high: interval?.high, networks };
}

function candidatesOf({ supernet }: TrialSpec): SupernetCandidate[] {
  if (supernet === undefined) throw new Error('no supernet says what its candidates are');
  return candidatesIn(supernet);
}

const textOf = (supernet: TrialSpec, genes: Genes): string =>
  printGenotype(genotypeOf(genes, { candidates: candidatesOf(supernet), rest: 'BP' }));

function drawn(supernet: TrialSpec, { seed, networks }: RankingPlan): Genes[] {
  const random = Random.fromSeed(seed).split('networks to be ranked');
  const { length } = candidatesOf(supernet);
  return Array.from({ length: networks }, () => drawGenes(length, random));
}

/** Accuracy of each path in the supernet, which is trained first as far as it is not. */
async function scored(
  spec: TrialSpec,
  paths: readonly Genes[],
  directory: string,
): Promise<number[]> {
  const stream = createInThreadStream();
  const opened = await openTrialData(spec, { cacheDir: join(CACHE, 'datasets'), stream });
  try {
    const ports: TrialPorts = {
      executor: createTensorFlowExecutor({ libraryDir: LIBRARY }),
      directory,
      openData: async () => opened,
      writeArtifacts: async () => ({}),
      keeper: inPlace,
      clock: performance,
      spans: untold(),
      listener: {
        progress: () => {},
        epoch: ({ epoch, validationAccuracy }) =>
          console.log(`supernet, epoch ${epoch}: its paths score ${validationAccuracy}`),
      },
      log: console.log,
      signal: new AbortController().signal,
    };
    const scores = await judgePaths(spec, opened, { ports, checkpoint: CHECKPOINT }, paths);
    if (scores === undefined) throw new Error('the supernet diverged');
    return scores;
  } finally {
    await opened.close();
  }
}

/** Accuracy on the held-out pictures; read from the journal where it is there. */
async function trainedAlone(spec: TrialSpec, directory: string): Promise<number> {
  const journal = join(directory, 'alone.jsonl');
  const lines = existsSync(journal) ? readFileSync(journal, 'utf8').split('\n') : [];
  const known = lines
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as { readonly genotype: string; readonly accuracy: number })
    .find(({ genotype }) => genotype === spec.genotype);
  if (known !== undefined) return known.accuracy;
  const outcome = await trainHere(spec, {
    executor: createTensorFlowExecutor({ libraryDir: LIBRARY }),
  });
  // A network that diverged answers nothing right.
  const accuracy = outcome.kind === 'result' ? (outcome.result.metrics.accuracy ?? 0) : 0;
  appendFileSync(journal, `${JSON.stringify({ genotype: spec.genotype, accuracy })}\n`);
  return accuracy;
}

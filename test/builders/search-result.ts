// A search with its ledger's records, and the result that is made of them.
import { searchResult } from '../../cli/result/index.ts';
import { BioNASSearch, type Control, type RankedTrial, Trial } from '../../crds/index.ts';
import { TrialRecord } from '../../operator/reconcilers/index.ts';
import { makeSearchManifest, makeTrialManifest } from './manifest.ts';
import { makeEpochs } from './objects.ts';

export const NOW = Date.parse('2026-01-01T01:00:00Z');
export const DIRECTORY = '/data/runs/night';
export const CELLS = [
  'nb201;avg_pool_3x3~0|nor_conv_3x3:FA~0,nor_conv_3x3:uSF~1|nor_conv_1x1:frSF~0,none~1,skip_connect~2;rest=BP',
  'nb201;nor_conv_1x1:BP~0|none~0,nor_conv_1x1:FA~1|nor_conv_1x1:BP~0,nor_conv_1x1:uSF~1,nor_conv_3x3:FA~2;rest=frSF',
  'nb201;none~0|nor_conv_3x3:brSF~0,none~1|skip_connect~0,none~1,nor_conv_3x3:BP~2;rest=BP',
] as const;

export const makeSearch = (
  status: Record<string, unknown> = {},
  spec: Record<string, unknown> = {},
): BioNASSearch => {
  const manifest = makeSearchManifest(spec);
  return BioNASSearch.parse({
    ...manifest,
    metadata: { name: 'night', namespace: 'default', uid: 'search-uid' },
    status: { startTime: '2026-01-01T00:00:00Z', trials: { proposed: 3 }, ...status },
  });
};

export const condition = (type: string, reason: string, message: string) => ({
  type,
  status: 'True',
  reason,
  message,
  lastTransitionTime: '2026-01-01T00:30:00Z',
});

/** A trained search trial with accuracy 0.7 + index / 100, ended `index` minutes after it began. */
export function makeRecord(index: number, overrides: Partial<TrialRecord> = {}): TrialRecord {
  const accuracy = Math.round(7000 + index * 100) / 10_000;
  const name = `night-000${index}`;
  return TrialRecord.parse({
    search: 'search-uid',
    trial: `uid-${index}`,
    name,
    index,
    purpose: 'Search',
    genotype: CELLS[index % CELLS.length],
    variation: 'random',
    proposedAfter: 0,
    seed: index,
    outcome: 'Trained',
    message: 'trained in 20.0 s',
    objectives: [accuracy],
    reason: 'Trained',
    attempts: 1,
    deviceSeconds: 20,
    startTime: '2026-01-01T00:00:00.000Z',
    completionTime: `2026-01-01T00:${String(index + 1).padStart(2, '0')}:00.000Z`,
    result: {
      outcome: 'Trained',
      metrics: {
        accuracy,
        loss: 0.8,
        parameters: 68_882,
        macs: 7_031_232,
        picturesPerSecond: 1000,
        seconds: 20,
      },
      epochs: makeEpochs(2, accuracy).map((at) => ({ ...at, validationAccuracy: accuracy })),
      artifacts: { 'model.onnx': `${DIRECTORY}/trials/${name}/model.onnx`, elsewhere: '/data/x' },
      executor: { executor: 'tensorflow', library: 'TensorFlow', device: 'CPU' },
    },
    ...overrides,
  });
}

export function makeFailedRecord(index: number, message: string): TrialRecord {
  const { objectives: _, result: __, ...record } = makeRecord(index);
  return { ...record, outcome: 'Failed', reason: 'TrainerFailed', message, attempts: 2 };
}

export function makeFinalRecord(index: number): TrialRecord {
  const { objectives: _, ...record } = makeRecord(index);
  const { result } = record;
  if (result === undefined) throw new Error('a trained record has a result');
  const { accuracy: __, loss: ___, ...metrics } = result.metrics;
  return {
    ...record,
    name: 'night-final-0',
    purpose: 'Final',
    parent: 1,
    result: {
      ...result,
      metrics: { ...metrics, testAccuracy: 0.9066, testLoss: 0.25 },
      alignment: [
        { rule: 'FA', layers: 6, feedbackAngle: 81.97, feedbackRatio: 0.683, gradientAngle: 78.16 },
        { rule: 'DRTP', layers: 3, gradientAngle: 85.6, gradientRatio: 9.68 },
      ],
      robustness: makeRobustness(),
      artifacts: { 'model.onnx': `${DIRECTORY}/trials/night-final-0/model.onnx` },
    },
  };
}

/** Of the winner of trial 1, or a control of it, with the given seed. */
function makeSeedRecord(index: number, seed: number, testAccuracy: number, control?: Control) {
  const record = makeFinalRecord(index);
  const { result } = record;
  if (result === undefined) throw new Error('a trained record has a result');
  // Attacked is what was trained with the first seed.
  const { robustness: _, ...trained } = result;
  return {
    ...record,
    trial: `uid-${index}`,
    genotype: CELLS[2],
    seed,
    name: control === undefined && seed === 0 ? 'night-final-0' : `night-f0-${index}`,
    ...(control === undefined ? {} : { control }),
    result: {
      ...(seed === 0 ? result : trained),
      metrics: { ...result.metrics, testAccuracy },
    },
  };
}

/** A winner with five seeds, 1.2 points better than backpropagation; its control frSF diverged with one seed. */
export function makeControlledResult() {
  const controls = { rules: ['BP', 'frSF'] };
  const search = makeCompletedSearch({ final: { seeds: 5, controls } });
  const seeds = [0, 1, 2, 3, 4];
  const control = (name: string) => ({ kind: 'rule' as const, name });
  const records = [
    makeRecord(0),
    makeRecord(1),
    ...seeds.map((seed) => makeSeedRecord(2 + seed, seed, 0.9 + seed / 1000)),
    ...seeds.map((seed) =>
      makeSeedRecord(7 + seed, seed, 0.888 + (seed * seed) / 4000, control('BP')),
    ),
    ...seeds.map((seed) => makeSeedRecord(12 + seed, seed, 0.9, control('frSF'))),
  ].map((record) => (record.index === 16 ? { ...record, outcome: 'Diverged' as const } : record));
  const { status } = search;
  const final = status?.final.map((network) => ({ ...network, testAccuracy: 0.902 })) ?? [];
  return makeResult({
    search: { ...search, ...(status === undefined ? {} : { status: { ...status, final } }) },
    records,
  });
}

/** 200 pictures, attacked at L-infinity 8/255. */
export function makeRobustness(left: { rules?: number; exact?: number; square?: number } = {}) {
  const { rules = 0.735, exact = 0.67, square = 0.71 } = left;
  const at = { norm: 'linf' as const, bound: 8 };
  const fgsm = { attack: 'fgsm' as const, ...at, budget: 1 };
  return {
    pictures: 200,
    accuracy: 0.83,
    attacks: [
      { ...fgsm, signal: 'rules' as const, accuracy: rules },
      { ...fgsm, signal: 'exact' as const, accuracy: exact },
      { attack: 'square' as const, ...at, budget: 500, accuracy: square },
    ],
  };
}

export const rankedOf = ({ name, index, genotype, objectives = [] }: TrialRecord): RankedTrial => ({
  trial: name,
  index,
  genotype,
  objectives,
  parameters: 68_882,
});

export const makeRunningTrial = (index: number): Trial =>
  Trial.parse({
    ...makeTrialManifest({ search: 'night', index, genotype: CELLS[0], seed: 7 }),
    metadata: { name: `night-000${index}`, uid: `uid-${index}` },
    status: {
      startTime: '2026-01-01T00:50:00Z',
      conditions: [condition('Running', 'Running', '')],
    },
  });

export interface MadeResult {
  readonly search?: BioNASSearch;
  readonly records?: readonly TrialRecord[];
  readonly unfinished?: readonly Trial[];
}

/** Two trained trials and a tested winner, unless told otherwise. */
export function makeResult({ search, records, unfinished = [] }: MadeResult = {}) {
  const history = records ?? [makeRecord(0), makeRecord(1), makeFinalRecord(2)];
  return searchResult({
    search: search ?? makeCompletedSearch(),
    records: history,
    unfinished,
    epochsOf: () => [],
    directory: DIRECTORY,
    now: NOW,
  });
}

/** A search for accuracy and size, in which neither trial beats the other. */
export function makeFront() {
  const objectives = [
    { metric: 'accuracy', goal: 'maximize' },
    { metric: 'parameters', goal: 'minimize' },
  ];
  const records = [[0.7, 100] as const, [0.71, 200] as const].map((values, index) =>
    makeRecord(index, { objectives: [...values] }),
  );
  const search = makeSearch({ pareto: records.toReversed().map(rankedOf) }, { objectives });
  return makeResult({ search, records });
}

/** A search for 50,000 parameters at most: one trial was not trained, one was and is too inaccurate, one is feasible. */
export function makeConstrained() {
  const constraints = [
    { metric: 'parameters', max: 50_000 },
    { metric: 'accuracy', min: 0.7 },
  ];
  const objectives = [{ metric: 'robustAccuracy', goal: 'maximize' }];
  const { objectives: _, result: whole, ...ruledOut } = makeRecord(0);
  const { metrics } = makeRecord(0).result!;
  const records = [
    {
      ...ruledOut,
      outcome: 'Infeasible' as const,
      reason: 'Infeasible',
      violation: 0.38,
      result: { ...whole!, outcome: 'Infeasible' as const, epochs: [], metrics },
    },
    makeRecord(1, { objectives: [0.5], violation: 0.1 }),
    makeRecord(2, { objectives: [0.25] }),
  ];
  const search = makeSearch({ best: [rankedOf(records[2]!)] }, { constraints, objectives });
  return makeResult({ search, records });
}

export const makeCompletedSearch = (spec: Record<string, unknown> = {}): BioNASSearch =>
  makeSearch(
    {
      phase: 'Completed',
      completionTime: '2026-01-01T00:30:00Z',
      conditions: [condition('Completed', 'BudgetSpent', '2 of 2 trials were used')],
      best: [rankedOf(makeRecord(1)), rankedOf(makeRecord(0))],
      final: [{ ...rankedOf(makeFinalRecord(2)), testAccuracy: 0.9066 }],
    },
    spec,
  );

// The rules between fields: each is met by one manifest and broken by another, with the API server's words.
import { describe, expect, test } from 'vitest';
import {
  BioNASSearchSpec,
  KINDS,
  MUTABLE_FIELDS,
  objectSchema,
  problemsOf,
  violations,
} from '../../crds/index.ts';
import { makeSearchManifest, makeTrialManifest } from '../builders/manifest.ts';
import { ALGORITHM_CASES } from './algorithm-rules.ts';
import { CHECKPOINT_CASES } from './checkpoint-rules.ts';
import { CONSTRAINT_CASES } from './constraint-rules.ts';
import { DATASET_SEARCH_CASES, DATASET_TRIAL_CASES } from './dataset-rules.ts';
import { messagesOf } from './messages-of.ts';
import { PRECISION_SEARCH_CASES, PRECISION_TRIAL_CASES } from './precision-rules.ts';
import { ROBUSTNESS_CASES, type RuleCase } from './robustness-rules.ts';
import { SCHEDULING_CASES } from './scheduling-rules.ts';
import { SPACE_CASES } from './space-rules.ts';
import { SUPERNET_SEARCH_CASES, SUPERNET_TRIAL_CASES } from './supernet-rules.ts';
import { WARM_START_CASES } from './warm-start-rules.ts';
import { WORKER_SEARCH_CASES, WORKER_TRIAL_CASES } from './worker-rules.ts';

type Json = Record<string, unknown>;
const nb201 = (rest: Json) => ({ searchSpace: { kind: 'nb201', ...rest } });
const fixed = (rest: Json) => ({ searchSpace: { kind: 'fixed', network: 'lenet', ...rest } });
const SEARCH_CASES: readonly RuleCase[] = [
  ...SPACE_CASES,
  ...CHECKPOINT_CASES,
  ...DATASET_SEARCH_CASES,
  ...ALGORITHM_CASES,
  {
    good: { algorithm: { settings: { population: 10, sample: 10 } } },
    bad: { algorithm: { settings: { population: 10, sample: 11 } } },
    path: 'spec.algorithm.settings',
    message: 'sample is at most population',
  },
  ...CONSTRAINT_CASES,
  {
    good: {
      objectives: [
        { metric: 'accuracy', goal: 'maximize' },
        { metric: 'macs', goal: 'minimize' },
      ],
    },
    bad: {
      objectives: [
        { metric: 'macs', goal: 'maximize' },
        { metric: 'macs', goal: 'minimize' },
      ],
    },
    path: 'spec.objectives',
    message: 'a metric is one objective only',
  },
  {
    good: { budget: { wallClock: '1h30m' } },
    bad: { budget: { wallClock: '0h0m' } },
    path: 'spec.budget.wallClock',
    message: 'wallClock is longer than nothing',
  },
  {
    good: { parallelism: 8, budget: { trials: 8 } },
    bad: { parallelism: 9, budget: { trials: 8 } },
    path: 'spec.parallelism',
    message: 'parallelism is at most budget.trials',
  },
  {
    good: { final: { topK: 2 }, budget: { trials: 2 } },
    bad: { final: { topK: 3 }, budget: { trials: 2 } },
    path: 'spec.final.topK',
    message: 'final.topK is at most budget.trials',
  },
  {
    good: { final: { topK: 0 } },
    bad: { final: { topK: 0, controls: { random: 1 } } },
    path: 'spec.final.topK',
    message: 'seeds and controls belong to final networks: topK is at least 1',
  },
  {
    good: { final: { topK: 1, seeds: 20, controls: { rules: ['BP'], random: 20, shuffled: 3 } } },
    bad: { final: { topK: 1, seeds: 20, controls: { rules: ['BP'], random: 20, shuffled: 4 } } },
    path: 'spec.final',
    message: 'the final stage is at most 500 trials: topK * seeds * (1 + controls)',
  },
  {
    good: nb201({}),
    bad: { ...fixed({}), final: { controls: { conversion: true } } },
    path: 'spec.final.controls.conversion',
    message: 'every layer of a fixed network has a rule: it has no other conversion',
  },
  ...ROBUSTNESS_CASES,
  ...SCHEDULING_CASES,
  ...SUPERNET_SEARCH_CASES,
  ...PRECISION_SEARCH_CASES,
  ...WARM_START_CASES,
  ...WORKER_SEARCH_CASES,
];

const TRIAL_CASES: readonly RuleCase[] = [
  {
    good: { purpose: 'Search', measures: { robustAccuracy: {} } },
    bad: { purpose: 'Final', measures: { robustAccuracy: {} } },
    path: 'spec',
    message:
      'networks of a search alone are measured and ruled out: a final one would be by its test pictures',
  },
  {
    good: { fidelity: { epochs: 5 }, training: { epochs: 5 } },
    bad: { fidelity: { epochs: 6 }, training: { epochs: 5 } },
    path: 'spec.fidelity.epochs',
    message: 'fidelity.epochs is at most training.epochs',
  },
  ...CHECKPOINT_CASES,
  ...DATASET_TRIAL_CASES,
  ...SUPERNET_TRIAL_CASES,
  ...PRECISION_TRIAL_CASES,
  ...WORKER_TRIAL_CASES,
];

describe('rules of one version', () => {
  test.each(SEARCH_CASES)('search: $message', ({ good, bad, path, message }) => {
    expect(problemsOf('BioNASSearch', makeSearchManifest(good))).toEqual([]);
    const problems = problemsOf('BioNASSearch', makeSearchManifest(bad));
    expect(problems.map((problem) => problem.path.join('.'))).toEqual([path]);
    expect(problems[0]?.expected).toBe(`that ${message}`);
  });

  test.each(TRIAL_CASES)('trial: $message', ({ good, bad, path, message }) => {
    expect(problemsOf('Trial', makeTrialManifest(good))).toEqual([]);
    expect(problemsOf('Trial', makeTrialManifest(bad))).toMatchObject([
      { path: path.split('.'), expected: `that ${message}` },
    ]);
  });

  test('the parse of a spec holds them, too', () => {
    const { spec } = makeSearchManifest({ parallelism: 51 });
    expect(() => BioNASSearchSpec.parse(spec)).toThrow('parallelism is at most budget.trials');
  });

  test('a name twice in a set is one too many', () => {
    const manifest = makeSearchManifest(nb201({ learningRules: ['FA', 'BP', 'FA'] }));
    expect(problemsOf('BioNASSearch', manifest)).toMatchObject([
      { path: ['spec', 'searchSpace', 'learningRules', 2], expected: 'that FA is there once' },
    ]);
  });

  test('a metric is constrained once', () => {
    const constraints = [
      { metric: 'macs', min: 1 },
      { metric: 'macs', max: 9 },
    ];
    expect(problemsOf('BioNASSearch', makeSearchManifest({ constraints }))).toMatchObject([
      { path: ['spec', 'constraints', 1], expected: 'that macs is there once' },
    ]);
  });

  test('two conditions of a type are one too many', () => {
    const condition = {
      type: 'Ready',
      status: 'True',
      lastTransitionTime: '',
      reason: '',
      message: '',
    };
    const manifest = { ...makeSearchManifest(), status: { conditions: [condition, condition] } };
    expect(problemsOf('BioNASSearch', manifest)).toMatchObject([
      { path: ['status', 'conditions', 1], expected: 'that Ready is there once' },
    ]);
  });
});

describe('rules between two versions', () => {
  const CHANGES: Readonly<Record<string, unknown>> = {
    seed: 2,
    objectives: [{ metric: 'loss', goal: 'minimize' }],
    constraints: [{ metric: 'parameters', max: 1000 }],
    measurement: { robustAccuracy: { epsilon: 8 } },
    searchSpace: { kind: 'darts' },
    dataset: { name: 'mnist' },
    training: { optimizer: { momentum: 0.8 } },
    algorithm: { name: 'random' },
    scheduling: { name: 'plateau-stop' },
    final: { topK: 2 },
    history: { keep: 1 },
    trialTemplate: { spec: { containers: [] } },
    warmStart: { genotypes: ['lenet;conv2=BP,conv3=BP,fc1=BP,fc2=BP'] },
    budget: { trials: 60 },
    parallelism: 2,
    suspend: true,
    managedBy: 'acme.example/queue',
    retry: { limit: 3 },
    sharing: { perDevice: 4 },
    checkpoints: { place: '/checkpoints' },
  };

  test('every field of the spec has its case', () => {
    expect(Object.keys(CHANGES).sort()).toEqual(Object.keys(BioNASSearchSpec.shape).sort());
  });

  test.each(Object.entries(CHANGES))('a changed %s', (name, value) => {
    const problems = problemsOf(
      'BioNASSearch',
      makeSearchManifest({ [name]: value }),
      makeSearchManifest(),
    );
    const mutable = (MUTABLE_FIELDS as readonly string[]).includes(name);
    const want = `that ${name} is immutable: create another search with the ${name} you want`;
    expect(problems.map(({ expected }) => expected)).toEqual(mutable ? [] : [want]);
  });

  test('a template that is taken away or altered', () => {
    const one = makeSearchManifest({ trialTemplate: { spec: { nodeName: 'a' } } });
    const other = makeSearchManifest({ trialTemplate: { spec: { nodeName: 'b' } } });
    expect(problemsOf('BioNASSearch', makeSearchManifest(), one)).toHaveLength(1);
    expect(problemsOf('BioNASSearch', other, one)).toHaveLength(1);
    expect(problemsOf('BioNASSearch', one, structuredClone(one))).toEqual([]);
  });

  test('writing down a default is no change', () => {
    const explicit = makeSearchManifest({ seed: 1, algorithm: { name: 'regularized-evolution' } });
    expect(problemsOf('BioNASSearch', explicit, makeSearchManifest())).toEqual([]);
  });

  test('a trial may train further, never back', () => {
    const [one, two] = [1, 2].map((epochs) =>
      makeTrialManifest({ fidelity: { epochs, pause: true } }),
    );
    expect(problemsOf('Trial', two, one)).toEqual([]);
    const [problem] = problemsOf('Trial', one, two);
    expect(problem?.expected).toContain('fidelity.epochs is only ever raised');
  });

  test('nothing else of a trial may change', () => {
    const problems = problemsOf('Trial', makeTrialManifest({ seed: 2 }), makeTrialManifest());
    expect(problems.map(({ expected }) => expected)).toEqual([
      'that the spec of a Trial is immutable: let its search propose another',
    ]);
    const template = makeTrialManifest({ template: { spec: {} } });
    expect(problemsOf('Trial', template, makeTrialManifest())).toHaveLength(1);
    expect(problemsOf('Trial', makeTrialManifest(), makeTrialManifest())).toEqual([]);
  });
});

test('every rule of the contract has a case above', () => {
  const messages = KINDS.flatMap((kind) => messagesOf(objectSchema(kind)));
  const covered = [...SEARCH_CASES, ...TRIAL_CASES].map(({ message }) => message);
  const between = /immutable|only ever raised|cancel is final/;
  const open = messages.filter((text) => !between.test(text) && !covered.includes(text));
  expect(open).toEqual([]);
});

test('a field that is absent in both versions breaks no rule', () => {
  expect(violations({ type: 'object' }, { value: undefined })).toEqual([]);
});

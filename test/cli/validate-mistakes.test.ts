// The mistakes that `bionas validate` finds, one a row: the text, and the line that is said about it.
import { describe, expect, test } from 'vitest';
import { formatProblem, validateFiles } from '../../cli/validate/index.ts';
import {
  SEARCH,
  searchText as search,
  trialText as trial,
  withSpec,
} from '../builders/manifest-text.ts';

const linesOf = (text: string) =>
  validateFiles([{ name: 'a.yaml', text }]).problems.map(formatProblem);

describe('a manifest with a mistake', () => {
  test.each<[string, string, string]>([
    // What it is.
    ['an empty file', '', 'a.yaml:1:1: object: expected a BioNASSearch or a Trial, got nothing'],
    [
      'only comments',
      '# later\n',
      'a.yaml:1:1: object: expected a BioNASSearch or a Trial, got nothing',
    ],
    ['a list', '- a\n', 'a.yaml:1:1: object: expected a BioNASSearch or a Trial, got ["a"]'],
    ['a word', 'hello\n', 'a.yaml:1:1: object: expected a BioNASSearch or a Trial, got "hello"'],
    [
      'no kind',
      search('kind: BioNASSearch\n', ''),
      'a.yaml:1:1: kind: expected one of BioNASSearch, Trial (apiVersion bionas.dev/v1alpha1), got nothing',
    ],
    [
      'a misspelt kind',
      search('BioNASSearch', 'BionasSearch'),
      'a.yaml:2:7: kind: expected one of BioNASSearch, Trial (apiVersion bionas.dev/v1alpha1), got "BionasSearch" (did you mean BioNASSearch?)',
    ],
    [
      'a foreign kind',
      search('BioNASSearch', 'ConfigMap'),
      'a.yaml:2:7: kind: expected one of BioNASSearch, Trial (apiVersion bionas.dev/v1alpha1), got "ConfigMap"',
    ],
    [
      'another version',
      search('v1alpha1', 'v1'),
      'a.yaml:1:13: apiVersion: expected bionas.dev/v1alpha1, got "bionas.dev/v1"',
    ],
    [
      'no name',
      search('  name: night', '  labels: {}'),
      'a.yaml:3:1: metadata.name: expected text, got nothing',
    ],
    [
      'a name in capitals',
      search('name: night', 'name: Night'),
      'a.yaml:4:9: metadata.name: expected lower-case letters, digits, - and ., got "Night"',
    ],
    [
      'a namespace that is a path',
      search('  name: night', '  name: night\n  namespace: ../../up'),
      'a.yaml:5:14: metadata.namespace: expected lower-case letters, digits and -, got "../../up"',
    ],
    [
      'a name that no label of its trials can hold',
      search('name: night', `name: ${'n'.repeat(53)}`),
      `a.yaml:4:9: metadata.name: expected at most 52 characters, got "${'n'.repeat(53)}"`,
    ],
    [
      'no spec',
      'apiVersion: bionas.dev/v1alpha1\nkind: BioNASSearch\nmetadata: {name: a}\n',
      'a.yaml:1:1: spec: expected fields, got nothing',
    ],
    // YAML.
    [
      'a bracket that stays open',
      search('[BP, uSF]', '[BP, uSF'),
      'a.yaml:9:3: object: expected YAML, got Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    [
      'a tab',
      search('    kind', '\tkind'),
      'a.yaml:7:1: object: expected YAML, got Tabs are not allowed as indentation',
    ],
    [
      'a field twice',
      search('    kind: nb201', '    kind: nb201\n    kind: darts'),
      'a.yaml:8:5: object: expected YAML, got Map keys must be unique',
    ],
    [
      'an unknown tag',
      search('kind: nb201', 'kind: !family nb201'),
      'a.yaml:7:11: object: expected YAML, got Unresolved tag: !family',
    ],
    [
      'a text that nests without end',
      '['.repeat(100_000),
      'a.yaml:1:101: object: expected at most 100 levels of nesting, got more',
    ],
    [
      'a list that holds itself',
      search('[BP, uSF]', '&rules [*rules]'),
      'a.yaml:1:1: object: expected YAML, got An anchor may not hold an alias of itself',
    ],
    [
      'an alias of nothing',
      search('[BP, uSF]', '*rules'),
      'a.yaml:1:1: object: expected YAML, got Unresolved alias (the anchor must be set before the alias): rules',
    ],
    // Fields and words.
    [
      'a misspelt field',
      search('learningRules', 'learningRule'),
      'a.yaml:8:5: spec.searchSpace.learningRule: expected a field that exists (kind, operations, learningRules, conversion, network, cells, channels), got learningRule (did you mean learningRules?)',
    ],
    [
      'a misspelt field that is required',
      search('searchSpace', 'searchspace'),
      'a.yaml:6:3: spec.searchspace: expected a field that exists (seed, suspend, objectives, constraints, measurement, searchSpace, dataset, training, algorithm, scheduling, warmStart, budget, parallelism, retry, checkpoints, sharing, managedBy, final, history, trialTemplate), got searchspace (did you mean searchSpace?)',
    ],
    [
      'a field of nothing',
      withSpec('zzzzzzzz: 1'),
      'a.yaml:12:3: spec.zzzzzzzz: expected a field that exists (seed, suspend, objectives, constraints, measurement, searchSpace, dataset, training, algorithm, scheduling, warmStart, budget, parallelism, retry, checkpoints, sharing, managedBy, final, history, trialTemplate), got zzzzzzzz',
    ],
    [
      'a field by a name that every object of the language has',
      withSpec('constructor: 1'),
      'a.yaml:12:3: spec.constructor: expected a field that exists (seed, suspend, objectives, constraints, measurement, searchSpace, dataset, training, algorithm, scheduling, warmStart, budget, parallelism, retry, checkpoints, sharing, managedBy, final, history, trialTemplate), got constructor',
    ],
    [
      'a field at the top',
      `${SEARCH}specs: {}\n`,
      'a.yaml:12:1: specs: expected a field that exists (apiVersion, kind, metadata, spec, status), got specs (did you mean spec?)',
    ],
    [
      'an unknown field in a list',
      withSpec('objectives: [{metric: accuracy, goal: maximize, targt: 1}]'),
      'a.yaml:12:51: spec.objectives[0].targt: expected a field that exists (metric, goal, target), got targt (did you mean target?)',
    ],
    [
      'a misspelt word',
      search('kind: nb201', 'kind: nb210'),
      'a.yaml:7:11: spec.searchSpace.kind: expected one of darts, nb201, fixed, got "nb210" (did you mean nb201?)',
    ],
    [
      'a rule in small letters',
      search('uSF', 'usf'),
      'a.yaml:8:25: spec.searchSpace.learningRules[1]: expected one of BP, FA, uSF, brSF, frSF, KP, WM, DFA, DRTP, PEPITA, PC, got "usf" (did you mean uSF?)',
    ],
    [
      'a rule twice',
      search('uSF', 'BP'),
      'a.yaml:8:25: spec.searchSpace.learningRules[1]: expected that BP is there once, got "BP"',
    ],
    [
      'a missing field',
      search('    name: cifar10', '    path: /data'),
      'a.yaml:9:3: spec.dataset.name: expected one of fashion-mnist, mnist, cifar10, cifar100, imagenet16-120, imagenet, got nothing',
    ],
    [
      'a data set that is unknown',
      search('cifar10', 'svhn'),
      'a.yaml:10:11: spec.dataset.name: expected one of fashion-mnist, mnist, cifar10, cifar100, imagenet16-120, imagenet, got "svhn"',
    ],
    // Types and bounds.
    [
      'text for a number',
      search('trials: 20', 'trials: many'),
      'a.yaml:11:20: spec.budget.trials: expected a whole number, got "many"',
    ],
    [
      'a fraction',
      search('trials: 20', 'trials: 2.5'),
      'a.yaml:11:20: spec.budget.trials: expected a whole number, got 2.5',
    ],
    [
      'a quoted number',
      search('trials: 20', 'trials: "20"'),
      'a.yaml:11:20: spec.budget.trials: expected a whole number, got "20"',
    ],
    [
      'a budget of nothing',
      search('trials: 20', 'trials: 0'),
      'a.yaml:11:20: spec.budget.trials: expected at least 1, got 0',
    ],
    [
      'too many',
      withSpec('final: {topK: 11}'),
      'a.yaml:12:17: spec.final.topK: expected at most 10, got 11',
    ],
    [
      'zero where more is needed',
      withSpec('training: {optimizer: {learningRate: 0}}'),
      'a.yaml:12:40: spec.training.optimizer.learningRate: expected more than 0, got 0',
    ],
    [
      'not a number',
      withSpec('training: {optimizer: {learningRate: .nan}}'),
      'a.yaml:12:40: spec.training.optimizer.learningRate: expected a number, got NaN',
    ],
    [
      'a norm to hold instead of yes or no',
      withSpec('training: {regularisation: {constrainWeights: 1}}'),
      'a.yaml:12:49: spec.training.regularisation.constrainWeights: expected true or false, got 1',
    ],
    [
      'a yes that is text in YAML 1.2',
      withSpec('suspend: yes'),
      'a.yaml:12:12: spec.suspend: expected true or false, got "yes"',
    ],
    [
      'a manager without a domain',
      withSpec('managedBy: kueue'),
      'a.yaml:12:14: spec.managedBy: expected a name below a domain, such as bionas.dev/operator, got "kueue"',
    ],
    [
      'a device for nobody',
      withSpec('sharing: {perDevice: 0}'),
      'a.yaml:12:24: spec.sharing.perDevice: expected at least 1, got 0',
    ],
    [
      'words that are in everything',
      withSpec('retry: {never: [e]}'),
      'a.yaml:12:19: spec.retry.never[0]: expected at least 3 characters, got "e"',
    ],
    [
      'a field left empty',
      search('budget: {trials: 20}', 'budget:'),
      'a.yaml:11:10: spec.budget: expected fields, got null',
    ],
    [
      'a word for a list',
      search('[BP, uSF]', 'BP'),
      'a.yaml:8:20: spec.searchSpace.learningRules: expected a list, got "BP"',
    ],
    [
      'an empty list',
      search('[BP, uSF]', '[]'),
      'a.yaml:8:20: spec.searchSpace.learningRules: expected at least 1 items, got []',
    ],
    [
      'a duration in words',
      search('trials: 20', 'wallClock: 2 hours'),
      'a.yaml:11:23: spec.budget.wallClock: expected a duration such as 90m or 1h30m, got "2 hours"',
    ],
    [
      'a long value is cut',
      search('cifar10', 'x'.repeat(80)),
      `a.yaml:10:11: spec.dataset.name: expected one of fashion-mnist, mnist, cifar10, cifar100, imagenet16-120, imagenet, got "${'x'.repeat(56)}...`,
    ],
    // Rules between fields.
    [
      'operations of another family',
      search('kind: nb201', 'kind: nb201\n    operations: [sep_conv_3x3]'),
      'a.yaml:8:17: spec.searchSpace.operations: expected that operations of nb201 are none, skip_connect, nor_conv_1x1, nor_conv_3x3, avg_pool_3x3, hebbian_conv_3x3, softhebb_conv_3x3, forward_forward_conv_3x3, got ["sep_conv_3x3"]',
    ],
    [
      'a fixed network without name',
      search('kind: nb201', 'kind: fixed'),
      'a.yaml:6:3: spec.searchSpace.network: expected that network is required where kind is fixed, and only there, got nothing',
    ],
    [
      'more at once than in all',
      withSpec('parallelism: 21'),
      'a.yaml:12:16: spec.parallelism: expected that parallelism is at most budget.trials, got 21',
    ],
    [
      'a sample above the population',
      withSpec('algorithm: {settings: {population: 4, sample: 5}}'),
      'a.yaml:12:25: spec.algorithm.settings: expected that sample is at most population, got {"population":4,"sample":5}',
    ],
    [
      'an objective twice',
      withSpec('objectives: [{metric: macs, goal: minimize}, {metric: macs, goal: minimize}]'),
      'a.yaml:12:15: spec.objectives: expected that a metric is one objective only, got [{"metric":"macs","goal":"minimize"},{"metric":"macs","go...',
    ],
    [
      'attacks on networks that nobody trains',
      withSpec('final: {topK: 0, robustness: {}}'),
      'a.yaml:12:17: spec.final.topK: expected that robustness is that of final networks: topK is at least 1, got 0',
    ],
    [
      'steps of an attack that has none',
      withSpec('final: {robustness: {attacks: [{name: square, steps: 5}]}}'),
      'a.yaml:12:56: spec.final.robustness.attacks[0].steps: expected that fgsm takes one step, and square is measured in queries, got 5',
    ],
    [
      'queries of an attack that follows a gradient',
      withSpec('final: {robustness: {attacks: [{name: pgd, queries: 5}]}}'),
      'a.yaml:12:55: spec.final.robustness.attacks[0].queries: expected that queries are of square, got 5',
    ],
    // Trials.
    [
      'more epochs now than in all',
      trial('{epochs: 1}', '{epochs: 3}'),
      'a.yaml:14:22: spec.fidelity.epochs: expected that fidelity.epochs is at most training.epochs, got 3',
    ],
  ])('%s', (_story, text, want) => {
    expect(linesOf(text)).toEqual([want]);
  });
});

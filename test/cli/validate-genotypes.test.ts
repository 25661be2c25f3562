// What `bionas validate` says of genotypes, which are texts to the API server: one mistake a row, and the line that is said about it.
import { expect, test } from 'vitest';
import { formatProblem, validateFiles } from '../../cli/validate/index.ts';
import { trialText as trial, withSpec } from '../builders/manifest-text.ts';

test.each<[string, string, string]>([
  [
    'a warm start with a typo',
    withSpec('warmStart: {genotypes: [nb202;]}'),
    "a.yaml:12:27: spec.warmStart.genotypes[0]: expected at character 1 (head) one of darts, nb201, lenet, lenet5, resnet20, then ';', got 'nb202' (did you mean nb201?)",
  ],
  [
    'a warm start outside of the search space',
    withSpec(
      'warmStart: {genotypes: ["nb201;nor_conv_3x3:FA~0|none~0,none~1|none~0,none~1,none~2;rest=BP"]}',
    ),
    'a.yaml:12:27: spec.warmStart.genotypes[0]: expected a network of searchSpace, got one that is not: node 1: rule FA is not among BP, uSF',
  ],
  [
    'a genotype with a typo',
    trial('conv2=uSF', 'conv2=usf'),
    "a.yaml:8:13: spec.genotype: expected at character 13 (conv2) a learning rule (BP, FA, uSF, brSF, frSF, KP, WM, DFA, DRTP, PEPITA, PC), got 'usf' (did you mean uSF?)",
  ],
  [
    'a genotype with a rule for what learns by its own',
    trial(
      'lenet;conv2=uSF,conv3=FA,fc1=brSF,fc2=frSF',
      'nb201;hebbian_conv_3x3:FA~0|none~0,none~1|none~0,none~1,none~2;rest=BP',
    ),
    "a.yaml:8:13: spec.genotype: expected at character 24 (node 1, edge 1) no rule for hebbian_conv_3x3, which learns by its own local rule, got ':FA'",
  ],
  [
    'a genotype that is not canonical',
    trial('conv2=uSF,conv3=FA', 'conv3=FA,conv2=uSF'),
    'a.yaml:8:13: spec.genotype: expected the canonical text lenet;conv2=uSF,conv3=FA,fc1=brSF,fc2=frSF, got "lenet;conv3=FA,conv2=uSF,fc1=brSF,fc2=frSF"',
  ],
  [
    'a genotype of another network',
    trial('network: lenet', 'network: resnet20'),
    'a.yaml:11:34: spec.shape.network: expected lenet, as in genotype, got "resnet20"',
  ],
])('%s', (_story, text, want) => {
  const { problems } = validateFiles([{ name: 'a.yaml', text }]);
  expect(problems.map(formatProblem)).toEqual([want]);
});

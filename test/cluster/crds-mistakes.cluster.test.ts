// Manifests that the API server refuses with no operator running, one a row: what is wrong, and what it says about which field.
import { beforeAll, describe, expect, test } from 'vitest';
import { makeSearchManifest, makeTrialManifest } from '../builders/manifest.ts';
import { sharedCluster } from './harness/index.ts';
import { type Json, named, Room } from './room.ts';

let room: Room;
beforeAll(async () => {
  room = await Room.make(sharedCluster().kubectl);
});
const apply = (manifest: Json) => room.create(manifest, '--dry-run=server');

const space = (fields: Json): Json => ({ searchSpace: { kind: 'nb201', ...fields } });
const optimizer = (fields: Json): Json => ({ training: { optimizer: fields } });
const settings = (fields: Json): Json => ({ algorithm: { settings: fields } });
const objective = (...objectives: Json[]): Json => ({ objectives });

describe('a search that the server refuses', () => {
  test.each<[string, Json, string]>([
    // What must be there, and of what kind.
    ['no search space', { searchSpace: undefined }, 'spec.searchSpace: Required value'],
    ['no data set', { dataset: undefined }, 'spec.dataset: Required value'],
    ['a data set without name', { dataset: {} }, 'spec.dataset.name: Required value'],
    ['a number in words', { parallelism: 'many' }, 'spec.parallelism: Invalid value: "string"'],
    ['a fraction of a seed', { seed: 1.5 }, 'spec.seed: Invalid value: "float64"'],
    ['a yes in words', { suspend: 'yes' }, 'spec.suspend: Invalid value: "string"'],
    ['a list that is a word', space({ learningRules: 'BP' }), 'spec.searchSpace.learningRules'],
    ['a template that is text', { trialTemplate: 'gpu' }, 'spec.trialTemplate: Invalid value'],
    // Words.
    ['an unknown family', space({ kind: 'nb210' }), 'spec.searchSpace.kind: Unsupported value'],
    [
      'an unknown rule',
      space({ learningRules: ['BP', 'usf'] }),
      'spec.searchSpace.learningRules[1]: Unsupported value: "usf"',
    ],
    [
      'an unknown operation',
      space({ operations: ['conv'] }),
      'spec.searchSpace.operations[0]: Unsupported value: "conv"',
    ],
    [
      'an unknown data set',
      { dataset: { name: 'svhn' } },
      'spec.dataset.name: Unsupported value: "svhn"',
    ],
    [
      'an unknown algorithm',
      { algorithm: { name: 'annealing' } },
      'spec.algorithm.name: Unsupported value: "annealing"',
    ],
    [
      'an unknown optimizer',
      optimizer({ name: 'lion' }),
      'spec.training.optimizer.name: Unsupported value: "lion"',
    ],
    [
      'an unknown metric',
      objective({ metric: 'beauty', goal: 'maximize' }),
      'spec.objectives[0].metric: Unsupported value: "beauty"',
    ],
    // Bounds.
    ['a seed below zero', { seed: -1 }, 'spec.seed: Invalid value'],
    ['a seed of 33 bits', { seed: 2 ** 32 }, 'spec.seed: Invalid value'],
    ['nothing at once', { parallelism: 0 }, 'spec.parallelism: Invalid value'],
    ['a budget of nothing', { budget: { trials: 0 } }, 'spec.budget.trials: Invalid value'],
    ['no GPU hours', { budget: { gpuHours: 0 } }, 'spec.budget.gpuHours: Invalid value'],
    ['a time in words', { budget: { wallClock: '2 days' } }, 'spec.budget.wallClock'],
    ['no channels', space({ channels: 0 }), 'spec.searchSpace.channels: Invalid value'],
    ['too many cells', space({ cells: 61 }), 'spec.searchSpace.cells: Invalid value'],
    ['no rule at all', space({ learningRules: [] }), 'spec.searchSpace.learningRules'],
    ['no objective', objective(), 'spec.objectives: Invalid value'],
    ['no pictures', { dataset: { name: 'mnist', trainPictures: 0 } }, 'spec.dataset.trainPictures'],
    ['a learning rate of zero', optimizer({ learningRate: 0 }), 'spec.training.optimizer.learning'],
    ['an empty batch', { training: { batchSize: 0 } }, 'spec.training.batchSize: Invalid value'],
    ['a probability above one', settings({ mutateRule: 2 }), 'spec.algorithm.settings.mutateRule'],
    ['a lonely population', settings({ population: 1 }), 'spec.algorithm.settings.population'],
    ['too many finals', { final: { topK: 11 } }, 'spec.final.topK: Invalid value'],
    ['a history below zero', { history: { keep: -1 } }, 'spec.history.keep: Invalid value'],
    // Rules between fields.
    [
      'a rule twice',
      space({ learningRules: ['BP', 'BP'] }),
      'spec.searchSpace.learningRules[1]: Duplicate value: "BP"',
    ],
    [
      'operations of another family',
      space({ operations: ['sep_conv_3x3'] }),
      'operations of nb201 are none, skip_connect, nor_conv_1x1, nor_conv_3x3, avg_pool_3x3, hebbian_conv_3x3, softhebb_conv_3x3, forward_forward_conv_3x3',
    ],
    [
      'a fixed network without name',
      space({ kind: 'fixed' }),
      'network is required where kind is fixed, and only there',
    ],
    [
      'a network in a family of cells',
      space({ network: 'lenet' }),
      'spec.searchSpace.network: Invalid value',
    ],
    [
      'cells of a fixed network',
      space({ kind: 'fixed', network: 'lenet', cells: 3 }),
      'a fixed network has neither operations nor cells to choose',
    ],
    [
      'a fixed network, half converted',
      space({ kind: 'fixed', network: 'lenet', conversion: 'partial' }),
      'spec.searchSpace.conversion: Invalid value',
    ],
    [
      'more at once than in all',
      { budget: { trials: 20 }, parallelism: 21 },
      'spec.parallelism: Invalid value: parallelism is at most budget.trials',
    ],
    [
      'more finals than trials',
      { budget: { trials: 2 }, final: { topK: 3 } },
      'spec.final.topK: Invalid value: final.topK is at most budget.trials',
    ],
    [
      'controls of no network',
      { final: { topK: 0, controls: { rules: ['BP'] } } },
      'spec.final.topK: Invalid value: seeds and controls belong to final networks: topK is at least 1',
    ],
    ['no time', { budget: { wallClock: '0s' } }, 'wallClock is longer than nothing'],
    [
      'parts of a batch that are not equal',
      { training: { batchSize: 64 }, trialTemplate: { workers: 3 } },
      'spec.training.batchSize: Invalid value: each worker has an equal part of a batch',
    ],
    ['nobody at work', { trialTemplate: { workers: 0 } }, 'spec.trialTemplate.workers: Invalid'],
    [
      'a setting of another algorithm',
      { algorithm: { name: 'random', settings: { sample: 3 } } },
      'spec.algorithm.settings.sample: Invalid value: sample is a setting of regularized-evolution',
    ],
    [
      'a population that takes too long to sort',
      { algorithm: { name: 'nsga2', settings: { population: 2000 } } },
      'spec.algorithm.settings.population: Invalid value: population of nsga2 is at most 1000',
    ],
    [
      'a step that there is not',
      { algorithm: { name: 'local-search', settings: { step: 'up' } } },
      'spec.algorithm.settings.step: Unsupported value: "up"',
    ],
    [
      'a supernet whose rest is searched',
      { searchSpace: { kind: 'darts' }, algorithm: { name: 'darts' } },
      'conversion is partial',
    ],
    [
      'a sample above the population',
      settings({ population: 4, sample: 5 }),
      'sample is at most population',
    ],
    [
      'accuracy, the less the better',
      objective({ metric: 'accuracy', goal: 'minimize' }),
      'spec.objectives[0].goal: Invalid value',
    ],
    [
      'more accuracy than there is',
      objective({ metric: 'accuracy', goal: 'maximize', target: 1.5 }),
      'spec.objectives[0].target: Invalid value',
    ],
    [
      'an objective twice',
      objective({ metric: 'macs', goal: 'minimize' }, { metric: 'macs', goal: 'minimize' }),
      'a metric is one objective only',
    ],
    [
      'a constraint that bounds nothing',
      { constraints: [{ metric: 'macs' }] },
      'a constraint has a min, a max, or both',
    ],
    [
      'a metric constrained twice',
      {
        constraints: [
          { metric: 'macs', min: 1 },
          { metric: 'macs', max: 9 },
        ],
      },
      'spec.constraints[1]: Duplicate value',
    ],
  ])('%s', async (_story, spec, message) => {
    await expect(apply(makeSearchManifest(spec))).rejects.toThrow(message);
  });

  test('a name that no label of its trials can hold', async () => {
    const refused = apply(named('n'.repeat(53), makeSearchManifest()));
    await expect(refused).rejects.toThrow('metadata.name: Too long');
  });
});

describe('a trial that the server refuses', () => {
  test.each<[string, Json, string]>([
    ['no genotype', { genotype: undefined }, 'spec.genotype: Required value'],
    ['an empty genotype', { genotype: '' }, 'spec.genotype: Invalid value'],
    ['a place below zero', { index: -1 }, 'spec.index: Invalid value'],
    ['an unknown purpose', { purpose: 'Fun' }, 'spec.purpose: Unsupported value: "Fun"'],
    ['no seed', { seed: undefined }, 'spec.seed: Required value'],
    ['a shape without channels', { shape: {} }, 'spec.shape.channels: Required value'],
    ['no epochs', { fidelity: { epochs: 0 } }, 'spec.fidelity.epochs: Invalid value'],
    [
      'more epochs now than in all',
      { fidelity: { epochs: 3 } },
      'spec.fidelity.epochs: Invalid value: fidelity.epochs is at most training.epochs',
    ],
  ])('%s', async (_story, spec, message) => {
    await expect(apply(makeTrialManifest(spec))).rejects.toThrow(message);
  });
});

// The files of a trained network: what it is, and the network itself.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseGenotype, Trial } from '../../crds/index.ts';
import { writeArtifacts } from '../../trainer/artifacts.ts';
import { createReferenceExecutor } from '../../trainer/executors/index.ts';
import { decodeModel } from '../../trainer/onnx-model/index.ts';
import { buildStepProgram } from '../../trainer/training/index.ts';
import { makeTrialManifest } from '../builders/manifest.ts';
import { makeNetwork, randomValues, SMALL_NETWORKS } from '../builders/networks.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bionas-artifacts-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function trainedNetwork() {
  const small = SMALL_NETWORKS['nb201'];
  if (small === undefined) throw new Error('no nb201');
  const { spec } = Trial.parse(makeTrialManifest({ genotype: small.genotype }));
  const network = await makeNetwork(small);
  const statistics = { mean: [0.5, 0.5, 0.5], deviation: [0.2, 0.2, 0.2] };
  const { task } = small;
  const { training } = spec;
  const step = buildStepProgram({ network, task, statistics, training, evaluationBatch: 1 });
  const session = await createReferenceExecutor().open(step.program);
  await session.write(randomValues(step.variables.all));
  const genotype = parseGenotype(small.genotype);
  const classes = ['cat', 'dog'];
  return { spec, genotype, network, task, classes, statistics, session, step, directory };
}

test('genotype.json and model.onnx say which network it is and what it scored', async () => {
  const trained = await trainedNetwork();
  const files = await writeArtifacts(trained, 0.875);
  expect(files).toEqual({
    'genotype.json': join(directory, 'genotype.json'),
    'model.onnx': join(directory, 'model.onnx'),
  });

  const written = JSON.parse(await readFile(join(directory, 'genotype.json'), 'utf8'));
  expect(parseGenotype(written.text)).toEqual(trained.genotype);

  const model = decodeModel(await readFile(join(directory, 'model.onnx')));
  const metadata = Object.fromEntries(model.metadataProps.map(({ key, value }) => [key, value]));
  expect(metadata).toMatchObject({
    genotype: written.text,
    dataset: trained.spec.dataset.name,
    accuracy: '0.875',
  });
  expect(JSON.parse(metadata['classes'] ?? '')).toEqual(['cat', 'dog']);
  // The network is there; feedback weights and momenta stay behind.
  const names = model.graph.initializer.map(({ name }) => name);
  expect(names).toContain('reduction1/shortcut/conv/weight');
  expect(names.filter((name) => /\/[BM]$|momentum/.test(name))).toEqual([]);
});

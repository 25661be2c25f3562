// One step of mixed-rule networks, auxiliary head and dropped paths included: float32 of TensorFlow and of ONNX Runtime
// against the reference's float64, from the same numbers.
import { describe, expect, test } from 'vitest';
import { parseGenotype } from '../../../crds/index.ts';
import {
  createOnnxExecutor,
  createReferenceExecutor,
  type Executor,
} from '../../../trainer/executors/index.ts';
import { loadLearningRules } from '../../../trainer/learning-rules/index.ts';
import { buildNetwork } from '../../../trainer/network/index.ts';
import { convertedTo, SMALL_NETWORKS, type SmallNetwork } from '../../builders/networks.ts';
import { inFloat32, openProbe, probeNetwork } from '../../builders/probe.ts';
import { tensorFlow } from '../../builders/tensorflow.ts';
import { distance } from '../../builders/tensors.ts';

const rules = await loadLearningRules();

function probeOf({ genotype, task, shape }: SmallNetwork) {
  const parsed = parseGenotype(genotype);
  const searched = parsed.kind === 'darts';
  const plan = { genotype: parsed, shape, task, rules, auxiliary: searched, dropPath: searched };
  return probeNetwork(buildNetwork(plan), task, { batch: 4 });
}

const others = Object.entries(SMALL_NETWORKS).map(([name, network]) => {
  const half = convertedTo('WM', convertedTo('DFA', network.genotype, ['FA']), ['brSF']);
  const genotype = convertedTo('DRTP', half, ['BP', 'frSF']);
  return [`${name} by DFA, DRTP and the weight mirror`, { ...network, genotype }] as const;
});
const modulated = ['lenet', 'nb201 that learns locally', 'darts'].map((name) => {
  const network = SMALL_NETWORKS[name]!;
  const genotype = convertedTo('PEPITA', network.genotype, ['FA', 'brSF', 'BP']);
  return [`${name} by PEPITA, too`, { ...network, genotype }] as const;
});

const executors: Readonly<Record<string, Executor | undefined>> = {
  TensorFlow: tensorFlow,
  'ONNX Runtime': createOnnxExecutor(),
};

describe.each(Object.entries(executors))('%s against the reference', (_name, executor) => {
  test
    .skipIf(executor === undefined)
    .each([...Object.entries(SMALL_NETWORKS), ...others, ...modulated])(
    '%s',
    async (_, network) => {
      const probe = probeOf(network);
      const truth = await openProbe(createReferenceExecutor(), probe);
      const after = await truth.session.read();
      const session = await executor!.open(probe.program);
      await session.write(inFloat32(truth.values));
      const outputs = await session.run('step', inFloat32(truth.inputs));
      const moved = await session.read();
      session.close();
      expect(Object.keys(outputs)).toEqual(Object.keys(truth.outputs));
      for (const [name, tensor] of Object.entries(truth.outputs))
        expect(distance(outputs[name]!, tensor), name).toBeLessThan(1e-4);
      for (const [name, tensor] of Object.entries(after))
        expect(distance(moved[name]!, tensor), `${name} after the step`).toBeLessThan(1e-4);
    },
  );
});

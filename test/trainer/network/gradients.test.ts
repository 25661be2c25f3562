// Whole networks in float64: under backpropagation against central differences of the network itself, under mixed
// rules against central differences of the function whose gradient they follow (builders/surrogate.ts).
import { describe, expect, test } from 'vitest';
import { type Genotype, type LearningRuleName, parseGenotype } from '../../../crds/index.ts';
import { createReferenceExecutor, type Tensors } from '../../../trainer/executors/index.ts';
import { loadLearningRules } from '../../../trainer/learning-rules/index.ts';
import { buildNetwork } from '../../../trainer/network/index.ts';
import type { Mode } from '../../../trainer/primitives/index.ts';
import { directionalError } from '../../builders/central-differences.ts';
import { convertedTo, SMALL_NETWORKS, type SmallNetwork } from '../../builders/networks.ts';
import { type OpenProbe, openProbe, probeNetwork } from '../../builders/probe.ts';
import { openSurrogate } from '../../builders/surrogate.ts';
import { distance } from '../../builders/tensors.ts';

const reference = createReferenceExecutor();
const rules = await loadLearningRules();

const { lenet: _, 'lenet-5': __, ...OTHERS } = SMALL_NETWORKS;
/** Nothing goes back through what learns locally: no function has such a gradient. */
const isLocal = ([name]: readonly [string, SmallNetwork]) => name.endsWith('learns locally');
const SEARCHED = Object.fromEntries(Object.entries(OTHERS).filter((one) => !isLocal(one)));
const LOCAL = Object.entries(OTHERS).filter(isLocal);
const TINY = { channels: 2 };

/** DARTS with its auxiliary head, where training has one. */
function probeOf(
  { genotype, task, shape }: SmallNetwork,
  {
    dropPath = false,
    mode = 'train',
    exact = false,
  }: { dropPath?: boolean; mode?: Mode; exact?: boolean } = {},
) {
  const parsed: Genotype = parseGenotype(genotype);
  const size = { ...shape, ...TINY };
  const plan = {
    genotype: parsed,
    shape: size,
    task,
    rules,
    auxiliary: parsed.kind === 'darts',
    dropPath,
  };
  return probeNetwork(buildNetwork(plan), task, { mode, exact });
}

const allBy = (rule: LearningRuleName, network: SmallNetwork): SmallNetwork => ({
  ...network,
  genotype: convertedTo(rule, network.genotype),
});

async function expectExact(opened: OpenProbe, { variables }: ReturnType<typeof probeOf>) {
  expect(await directionalError(opened, variables)).toBeLessThan(1e-6);
}

describe.each(Object.entries(SEARCHED))('%s', (name, network) => {
  test('under backpropagation', async () => {
    const probe = probeOf(allBy('BP', network));
    await expectExact(await openProbe(reference, probe), probe);
  });

  test('under mixed rules', async () => {
    const probe = probeOf(network);
    await expectExact(await openSurrogate(reference, probe), probe);
  });

  test('by the pictures in evaluation, as attacks on a mixed-rule network follow it', async () => {
    const opened = await openSurrogate(reference, probeOf(network, { mode: 'evaluate' }));
    expect(await directionalError(opened, { parameters: [] })).toBeLessThan(1e-6);
  });

  test.runIf(name.startsWith('darts'))('under mixed rules with paths dropped', async () => {
    const probe = probeOf(network, { dropPath: true });
    await expectExact(await openSurrogate(reference, probe), probe);
  });
});

test.each(LOCAL)(
  '%s: an attack that asks for the true gradient gets it, through what learns locally, too',
  async (_name, network) => {
    const opened = await openProbe(reference, probeOf(network, { mode: 'evaluate', exact: true }));
    expect(await directionalError(opened, { parameters: [] })).toBeLessThan(1e-6);
  },
);

describe('feedback weights set to W', () => {
  const withStateOfW = (values: Tensors): Tensors =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        values[name.replace(/\/[BM]$/, '/weight')] ?? value,
      ]),
    );

  test.each(
    Object.entries(SEARCHED).flatMap(([name, network]) =>
      (['FA', 'frSF'] as const).map((rule) => [name, rule, network] as const),
    ),
  )('make %s under %s backpropagation, layer by layer', async (_name, rule, network) => {
    const converted = await openProbe(reference, probeOf(allBy(rule, network)), withStateOfW);
    const ordinary = await openProbe(reference, probeOf(allBy('BP', network)));
    const gradients = Object.keys(ordinary.outputs).filter((key) => /^(dx$|gradient)/.test(key));
    for (const key of gradients)
      expect(distance(converted.outputs[key]!, ordinary.outputs[key]!), key).toBeLessThan(1e-9);
  });
});

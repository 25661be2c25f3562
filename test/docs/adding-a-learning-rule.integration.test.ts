// A stranger follows docs/contributing/adding-a-learning-rule.md to the letter, in a copy of the sources: one file,
// one line. The copy must then type-check and train by the new rule.
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LEARNING_RULES } from '../../crds/index.ts';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '../..');
const PAGE = 'docs/contributing/adding-a-learning-rule.md';
const CONTRACT = 'crds/v1alpha1/learning-rule.ts';

/** Code blocks of the page, by the path that opens each. */
const blocks = new Map(
  Array.from(
    readFileSync(join(ROOT, PAGE), 'utf8').matchAll(/^```ts (\S+)\n([\s\S]*?)^```$/gm),
    ([, path = '', code = '']) => [path, code] as const,
  ),
);
const ruleFile =
  [...blocks.keys()].find((path) => path.startsWith('trainer/learning-rules/')) ?? '';
const line = (blocks.get(CONTRACT) ?? '').trim();

/** Prints the loss of each of some steps on the same pictures, and |B| / |W| of a layer. */
const TRAINING = `
import { parseGenotype, Training } from './crds/index.ts';
import { createReferenceExecutor } from './trainer/executors/index.ts';
import { loadLearningRules } from './trainer/learning-rules/index.ts';
import { buildNetwork } from './trainer/network/index.ts';
import { buildStepProgram, initialValues } from './trainer/training/index.ts';

const edge = 'nor_conv_3x3:uSFNorm';
const genotype = parseGenotype(\`nb201;\${edge}~0|\${edge}~0,none~1|skip_connect~0,none~1,\${edge}~2;rest=uSFNorm\`);
const task = { height: 8, width: 8, channels: 1, classes: 3 };
const rules = await loadLearningRules();
const plan = { genotype, shape: { channels: 4, cells: 1 }, task, rules, auxiliary: false, dropPath: false };
const training = Training.parse({ batchSize: 3 });
const statistics = { mean: [0.5], deviation: [0.25] };
const { program, variables } = buildStepProgram({
  network: buildNetwork(plan), task, statistics, training, evaluationBatch: 3, expose: true,
});
const session = await createReferenceExecutor().open(program);
await session.write(initialValues(variables.all, 1));
const shape = [3, 8, 8, 1];
const pictures = { dtype: 'uint8', shape, data: Uint8Array.from({ length: 192 }, (_, i) => (i * i) % 251) };
const labels = { dtype: 'int32', shape: [3], data: Int32Array.of(0, 1, 2) };
const rate = { dtype: 'float32', shape: [], data: Float64Array.of(0.02) };
const norm = ({ data }) => Math.hypot(...data);
const layer = 'stage2/cell0/node2/edge0/conv';
const steps = [];
for (let t = 0; t < 4; t++) {
  const { [layer + '/weight']: W } = await session.read([layer + '/weight']);
  const key = { dtype: 'int32', shape: [2], data: Int32Array.of(1, t) };
  const outputs = await session.run('train', { pictures, labels, rate, key });
  steps.push({ loss: outputs.loss.data[0], ratio: norm(outputs['feedback/' + layer]) / norm(W) });
}
console.log(JSON.stringify(steps));
`;

let copy = '';
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'bionas-rule-'));
  for (const name of ['crds', 'trainer', 'package.json', 'tsconfig.json'])
    cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  writeFileSync(join(copy, ruleFile), blocks.get(ruleFile) ?? '');
  const contract = readFileSync(join(copy, CONTRACT), 'utf8');
  writeFileSync(
    join(copy, CONTRACT),
    contract.replace(/^export const LEARNING_RULES[^;]*;$/m, line),
  );
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

test('the page adds one rule to those that there are', () => {
  const names = [...LEARNING_RULES, 'uSFNorm'].map((name) => `  '${name}',\n`);
  expect(line).toBe(`export const LEARNING_RULES = [\n${names.join('')}] as const;`);
  expect(ruleFile).toBe('trainer/learning-rules/usfnorm.ts');
});

test('the changed sources type-check', async () => {
  const tsc = join(ROOT, 'node_modules/.bin/tsc');
  await run(process.execPath, [tsc, '-p', copy], { cwd: copy, timeout: 120_000 });
});

test('a network trains by the new rule, whose feedback weights stay as long as W', async () => {
  writeFileSync(join(copy, 'train.js'), TRAINING);
  const { stdout } = await run(process.execPath, ['train.js'], { cwd: copy, timeout: 60_000 });
  const steps: readonly { loss: number; ratio: number }[] = JSON.parse(stdout);
  const losses = steps.map(({ loss }) => loss);
  expect(losses).toHaveLength(4);
  expect(losses.at(-1)).toBeLessThan(losses[0]!);
  for (const { ratio } of steps) expect(ratio).toBeCloseTo(1, 10);
});

test('a rule without its file is missed by name', async () => {
  rmSync(join(copy, ruleFile));
  await expect(run(process.execPath, ['train.js'], { cwd: copy, timeout: 60_000 })).rejects.toThrow(
    'learning rule uSFNorm: expected trainer/learning-rules/usfnorm.ts to export it',
  );
});

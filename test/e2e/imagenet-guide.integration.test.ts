// Somebody follows docs/imagenet.md to the letter, on one machine: pictures into a bucket, a plan, a search, the best network trained
// anew, and the results, by the lines of the page. The manifests are the page's own, with networks of seconds and eight pictures.
import { execFile } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { hasS3Server, startS3Server } from '../builders/s3-server.ts';
import { tensorFlow } from '../builders/tensorflow.ts';
import { directoryWith } from '../trainer/data/directories.ts';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '../..');
const SAMPLE = resolve(ROOT, '../shared/data/imagenet-sample');
if (!existsSync(SAMPLE)) console.log('skipped: no sample of ImageNet beside the project');
const canRun = existsSync(SAMPLE) && hasS3Server && tensorFlow !== undefined;

const CLASSES = 8;
const page = readFileSync(join(ROOT, 'docs/imagenet.md'), 'utf8');
/** The lines that begin with `bionas`, in order. */
const commands = Array.from(page.matchAll(/^```sh\n([\s\S]*?)^```$/gm), ([, text = '']) =>
  text.split('\n').filter((line) => line.startsWith('bionas ')),
).flat();
const [, changes = ''] = /^```yaml retrain\.yaml\n([\s\S]*?)^```$/m.exec(page) ?? [];

type Fields = { readonly [name: string]: unknown };
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The fields of `more` over those of `fields`; undefined takes one away. */
function over(fields: Fields, more: Fields): Fields {
  const changed = Object.entries(more).map(([name, value]) => {
    const before = fields[name];
    return [name, isFields(value) && isFields(before) ? over(before, value) : value];
  });
  return { ...fields, ...Object.fromEntries(changed) };
}

/** For two cores, in seconds. */
const SMALL = {
  searchSpace: {
    kind: 'fixed',
    network: 'lenet',
    conversion: 'full',
    cells: undefined,
    channels: undefined,
  },
  dataset: { classes: CLASSES, trainPictures: 4, validationPictures: 4 },
  training: { epochs: 2, batchSize: 2, regularisation: { auxiliaryWeight: undefined } },
  trialTemplate: { spec: { containers: [{ name: 'trainer' }] } },
};

function searchManifest(text: string): string {
  const small = {
    ...SMALL,
    algorithm: { settings: { population: 2, sample: 2 } },
    scheduling: { minEpochs: 1 },
    budget: { trials: 1 },
    parallelism: 1,
  };
  return stringify(over(parse(text), { spec: small }));
}

function retrainManifest(text: string): string {
  const changed = over(over(parse(text), { spec: { warmStart: undefined } }), parse(changes));
  const final = { controls: { rules: [], random: 0 }, training: { epochs: 1 } };
  const trialTemplate = { ...SMALL.trialTemplate, workers: undefined };
  const training = { ...SMALL.training, epochs: 1 };
  return stringify(over(changed, { spec: { ...SMALL, trialTemplate, final, training } }));
}

async function pictures(): Promise<string> {
  const directory = await directoryWith({});
  const folders = globSync('train/*', { cwd: SAMPLE }).sort().slice(0, CLASSES);
  for (const part of ['train', 'val']) {
    await mkdir(join(directory, part));
    for (const folder of folders)
      await symlink(join(SAMPLE, folder), join(directory, part, folder.slice('train/'.length)));
  }
  return directory;
}

/** What the page leaves to the reader, and what makes it small. */
function asRun(command: string, data: string): string[] {
  const words = command
    .split(/ +/)
    .slice(1)
    .map((word) => word.replace('/data/imagenet', data));
  const [verb, sub] = words;
  if (verb === 'data' && sub === 'pack') return [...words, '--classes', String(CLASSES)];
  if (verb === 'plan') return [...words, '--networks', '1', '--seconds', '1'];
  return words;
}

test.runIf(canRun)(
  'docs/imagenet.md leads from pictures to a network in the bucket',
  async () => {
    await using server = await startS3Server('pictures');
    await mkdir(join(server.directory, 'runs'));
    const cwd = await directoryWith({});
    const data = await pictures();
    const example = (file: string) => readFile(join(ROOT, 'examples', file), 'utf8');
    await writeFile(join(cwd, 'imagenet.yaml'), searchManifest(await example('imagenet.yaml')));
    const retrain = retrainManifest(await example('paper/imagenet.yaml'));
    await writeFile(join(cwd, 'retrain.yaml'), retrain);
    const env = { ...process.env, ...server.env };
    const said: string[] = [];
    for (const command of commands) {
      const { stdout } = await run(join(ROOT, 'bin/bionas'), asRun(command, data), { cwd, env });
      said.push(`$ ${command}\n${stdout}`);
    }
    expect(commands.length).toBeGreaterThan(10);
    const cell = JSON.parse(await readFile(join(cwd, 'cell.json'), 'utf8'));
    const winner = JSON.parse(await readFile(join(cwd, 'winner.json'), 'utf8'));
    expect(winner.genotype).toEqual(cell.genotype);
    const kept = globSync('runs/imagenet-retrain/imagenet-retrain-final-0-*/*', {
      cwd: server.directory,
    }).map((path) => path.split('/').at(-1));
    expect(kept).toEqual(
      expect.arrayContaining([
        'checkpoint.safetensors',
        'model.onnx',
        'genotype.json',
        'result.json',
      ]),
    );
    expect(said.join('')).toMatch(/model +s3:\/\/runs\/imagenet-retrain\/.*model\.onnx/);
  },
  600_000,
);

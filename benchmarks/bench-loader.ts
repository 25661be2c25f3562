// Photographs to batches of 224 x 224, beside torchvision's loader on the same files: as they are, and packed to a shorter side of 256.
// One decoder each; the two take turns, and medians are told of pictures a second of wall time and of processor time. Then how long steps
// wait that take so many pictures a second without a processor, as a card's do.
// Usage: bench-loader.ts DIR --python PYTHON; DIR holds train/CLASS. Writes results/loader.json.
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import {
  createInThreadStream,
  createPrefetchStream,
  type DatasetPart,
  loadDataset,
  openStore,
  packPhotographs,
  storeSettings,
  trainingEpoch,
} from '../trainer/data/index.ts';
import { timed } from '../trainer/training/waiting.ts';
import { writeResult } from './results.ts';

const ROUNDS = 5;
const EPOCHS = 2;
/** Pictures a second that steps use. */
const RATES = [100, 200, 400];
/** Times that a set is gone through for each. */
const IDLE_EPOCHS = 6;
const JITTER = { brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.2 };

interface Rates {
  /** Pictures a second. */
  readonly wall: number;
  readonly cpu: number;
}

interface Case {
  readonly name: string;
  readonly train: DatasetPart;
  /** The same pictures as files, a folder a class. */
  readonly folder: string;
  readonly isJittered: boolean;
}

const BATCH = 32;

const augmentationOf = ({ isJittered }: Case) => ({
  ...{ crop: 0, flip: true, cutout: 0, resizedCrop: 0.08 },
  ...(isJittered ? { colorJitter: JITTER } : {}),
});

/** Of the time of an epoch whose steps use so many pictures a second, and no processor: the share in which they wait. */
async function waitingAt(one: Case, rate: number): Promise<number> {
  const { train } = one;
  const stream = createPrefetchStream();
  const count = train.labels.length;
  const indices = Int32Array.from({ length: IDLE_EPOCHS * count }, (_, i) => i % count);
  const recipe = { batchSize: BATCH, seed: 1, epoch: 0, augmentation: augmentationOf(one) };
  const plan = trainingEpoch(train, indices, { ...recipe, lastBatch: 'drop' });
  const { items, share } = timed(stream.batches(plan), performance);
  for await (const _ of items) await pause((1000 * BATCH) / rate);
  await stream.close();
  return share();
}

async function ours(one: Case): Promise<Rates> {
  const { train } = one;
  const stream = createInThreadStream({ decoders: 1 });
  const augmentation = augmentationOf(one);
  const epochOf = async (epoch: number) => {
    let pictures = 0;
    const plan = trainingEpoch(train, undefined, {
      batchSize: BATCH,
      seed: 1,
      epoch,
      augmentation,
    });
    for await (const { labels } of stream.batches(plan)) pictures += labels.length;
    return pictures;
  };
  await epochOf(EPOCHS);
  const [start, used] = [performance.now(), process.cpuUsage()];
  let pictures = 0;
  for (let epoch = 0; epoch < EPOCHS; epoch++) pictures += await epochOf(epoch);
  const wall = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(used);
  return { wall: pictures / wall, cpu: (1e6 * pictures) / (user + system) };
}

function torchvision(python: string, { folder, isJittered }: Case): Rates {
  const script = join(import.meta.dirname, 'peers/load_torchvision.py');
  const args = [script, folder, `${EPOCHS}`, isJittered ? '1' : '0'];
  return JSON.parse(execFileSync(python, args, { encoding: 'utf8' }));
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Both parts of a data set in the folder are the same pictures: nothing is held out here. */
async function openCases(directory: string, work: string): Promise<Case[]> {
  const source = realpathSync(join(directory, 'train'));
  const whole = join(work, 'whole');
  mkdirSync(whole);
  for (const part of ['train', 'val']) symlinkSync(source, join(whole, part));
  const stores = storeSettings({});
  const load = (path: string) =>
    loadDataset(
      { name: 'imagenet', path, classes: readdirSync(source).length },
      { cacheDir: work },
    );
  const packed = join(work, 'packed');
  const dataset = await load(whole);
  const how = {
    format: 'webdataset',
    side: 256,
    quality: 92,
    shardPictures: 2048,
    seed: 0,
    jobs: 4,
    stores,
  } as const;
  await packPhotographs(dataset, openStore(packed, stores), how);
  const { train } = await load(packed);
  const unpacked = await unpack(packed, train, join(work, 'unpacked'));
  const kinds = [
    { name: 'photographs', train: dataset.train, folder: source },
    { name: 'packed', train, folder: unpacked },
  ];
  return kinds.flatMap((one) =>
    [false, true].map((isJittered) => ({
      ...one,
      isJittered,
      name: `${one.name}${isJittered ? ', colours jittered' : ''}`,
    })),
  );
}

async function unpack(packed: string, train: DatasetPart, folder: string): Promise<string> {
  if ('pictures' in train || train.spans === undefined) throw new Error('packed: expected shards');
  const store = openStore(packed, storeSettings({}));
  const tar = await store.get('train-000000.tar');
  for (const [i, label] of train.labels.entries()) {
    const directory = join(folder, train.classes[label] ?? '');
    mkdirSync(directory, { recursive: true });
    const from = train.spans.from[i] ?? 0;
    writeFileSync(
      join(directory, `${i}.jpg`),
      tar.subarray(from, from + (train.spans.length[i] ?? 0)),
    );
  }
  return folder;
}

const { positionals, values } = parseArgs({
  options: { python: { type: 'string', default: 'python3' } },
  allowPositionals: true,
});
const work = mkdtempSync(join(tmpdir(), 'bionas-loader-'));
try {
  const results = [];
  for (const one of await openCases(positionals[0] ?? '.', work)) {
    const [mine, theirs]: [Rates[], Rates[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      mine.push(await ours(one));
      theirs.push(torchvision(values.python, one));
    }
    const of = (rates: readonly Rates[], kind: keyof Rates) =>
      Math.round(median(rates.map((rate) => rate[kind])));
    const result = {
      name: one.name,
      ours: { wall: of(mine, 'wall'), cpu: of(mine, 'cpu') },
      torchvision: { wall: of(theirs, 'wall'), cpu: of(theirs, 'cpu') },
      ratio: Number(
        median(mine.map(({ cpu }, i) => (theirs[i]?.cpu ?? Number.NaN) / cpu)).toFixed(2),
      ),
    };
    const waiting: Record<string, number> = {};
    for (const rate of RATES) waiting[rate] = Number((await waitingAt(one, rate)).toFixed(2));
    console.log(
      `${result.name}: ${result.ours.cpu} pictures a second of processor time (${result.ours.wall} of wall time), ` +
        `torchvision ${result.torchvision.cpu} (${result.torchvision.wall}): ${result.ratio} of its time; steps wait ${JSON.stringify(waiting)}`,
    );
    results.push({ ...result, waiting });
  }
  await writeResult('loader', {
    machine: `${cpus()[0]?.model ?? ''}, ${cpus().length} processors, shared with other work`,
    what:
      `processor time a picture over torchvision's; medians of ${ROUNDS} rounds in turn; ` +
      'waiting: share of the time in which steps that use so many pictures a second wait for them',
    ratios: Object.fromEntries(results.map(({ name, ratio }) => [name, ratio])),
    results,
  });
} finally {
  rmSync(work, { recursive: true });
}

// `bionas data pack` and `check`: photographs made small once, in shards, and whether shards are still what was packed.
import { type Command, Option } from 'commander';
import {
  checkShard,
  loadDataset,
  openStore,
  PACK_FORMATS,
  type PackProgress,
  type PackSummary,
  packPhotographs,
  readManifest,
  storeSettings,
} from '../../trainer/data/index.ts';
import { atLeast } from '../whole-number.ts';
import type { DataIo } from './io.ts';

interface PackFlags {
  readonly format: (typeof PACK_FORMATS)[number];
  readonly classes?: number;
  readonly side: number;
  readonly quality: number;
  readonly shardPictures: number;
  readonly seed: number;
}

export function addPackCommands(data: Command, io: DataIo): void {
  data
    .command('pack')
    .description(
      'pack photographs into shards of small ones; goes on where it was stopped. Places are directories, https://... (to read) or s3://BUCKET/PREFIX',
    )
    .argument('<from>', 'photographs as class folders, .tar or .parquet')
    .argument('<to>', 'a directory or s3://BUCKET/PREFIX')
    .addOption(
      new Option(
        '--format <form>',
        'tar archives with an index, or Parquet in the layout of Hugging Face',
      )
        .choices(PACK_FORMATS)
        .default('webdataset'),
    )
    .option('--classes <n>', 'classes, where it is a part of ImageNet', atLeast(2))
    .option('--side <pixels>', 'of the shorter side', atLeast(16), 256)
    .option('--quality <q>', 'of JPEG, up to 100', atLeast(1, 100), 92)
    .option('--shard-pictures <n>', 'pictures a shard', atLeast(1), 2048)
    .option('--seed <n>', 'of the order in the shards', atLeast(0), 0)
    .action((from: string, to: string, flags: PackFlags) => pack(from, to, flags, io));
  data
    .command('check')
    .description('read packed shards whole, and compare them with their checksums')
    .argument('<place>', 'where they were packed to')
    .action((place: string) => check(place, io));
}

async function pack(from: string, to: string, flags: PackFlags, io: DataIo): Promise<void> {
  const { cacheDir, signal, env } = io;
  const stores = storeSettings(env);
  const { classes, ...how } = flags;
  const dataset = await loadDataset(
    { name: 'imagenet', path: from, ...(classes === undefined ? {} : { classes }) },
    { cacheDir, stores, signal },
  );
  const summary = await packPhotographs(dataset, openStore(to, stores), {
    ...how,
    jobs: Number(env['UV_THREADPOOL_SIZE'] ?? 4),
    stores,
    signal,
    onProgress: progressLines(io),
  });
  for (const line of summaryOf(summary, to)) io.out(line);
}

function progressLines({ err, now }: DataIo): (progress: PackProgress) => void {
  const start = now();
  let packed = 0;
  return ({ part, shards, of, pictures, isThere, leftOut }) => {
    for (const { picture, reason } of leftOut) err(`left out: ${picture}: ${reason}`);
    if (!isThere) packed += pictures;
    const rate = Math.round(packed / ((now() - start) / 1000));
    err(`${part}: shard ${shards} of ${of}${isThere ? ', there already' : `, ${rate} pictures/s`}`);
  };
}

function summaryOf({ parts, classes }: PackSummary, to: string): string[] {
  const lines = Object.entries(parts).map(([name, { pictures, kinds, shards }]) => {
    const bytes = shards.reduce((sum, shard) => sum + shard.bytes, 0);
    const was = `${kinds.leftOut} left out, ${kinds.grey} were grey, ${kinds.cmyk} CMYK`;
    return `${name}: ${pictures} pictures in ${shards.length} shards, ${(bytes / 1e6).toFixed(1)} MB; ${was}`;
  });
  return [...lines, `${classes.length} classes in ${to}`];
}

async function check(place: string, { out, env, signal }: DataIo): Promise<void> {
  const store = openStore(place, storeSettings(env));
  const { parts } = await readManifest(store, signal);
  const shards = [...parts.train.shards, ...parts.test.shards];
  for (const shard of shards) await checkShard(store, shard, signal);
  out(`${shards.length} shards are as they were packed`);
}

// Which files the trials of a search keep on NATS (crds/v1alpha1/kept-files.ts), for backups.
import { bucketSettings, KEPT_FILES, type KeptFile } from '../../../crds/index.ts';
import { unlessMissing } from './answers.ts';
import type { NatsLink } from './link.ts';
import { managerOf } from './streams.ts';
import { bucketOf, bucketStreamOf } from './subjects.ts';

const KNOWN: readonly string[] = Object.values(KEPT_FILES);

/** Files of the kinds that trainers keep; what else lies in the bucket is nobody's. */
export async function filesOf(link: NatsLink, search: string): Promise<KeptFile[]> {
  const bucket = bucketOf(search);
  const { streams } = await managerOf(link.connection);
  const filter = `$O.${bucket}.M.`;
  const query = { subjects_filter: `${filter}>` };
  const info = await link.whileUp(streams.info(bucketStreamOf(search), query).catch(unlessMissing));
  return Object.keys(info?.state.subjects ?? {}).flatMap((subject) => {
    const name = Buffer.from(subject.slice(filter.length), 'base64url').toString('utf8');
    const [, trial, file] = /^([\w-]+)\/([\w.-]+)$/.exec(name) ?? [];
    return trial !== undefined && file !== undefined && KNOWN.includes(file)
      ? [{ bucket, trial, file }]
      : [];
  });
}

/** Where there is none yet. Gives its name. */
export async function makeBucket(
  link: NatsLink,
  search: string,
  replicas: number,
): Promise<string> {
  const { streams } = await managerOf(link.connection);
  const bucket = bucketOf(search);
  const known = await link.whileUp(streams.info(bucketStreamOf(search)).catch(unlessMissing));
  if (known === undefined) await link.whileUp(streams.add(bucketSettings(bucket, replicas)));
  return bucket;
}

// What etcd holds, asked of etcd itself: bytes of the whole, and of the largest object of each kind of ours.
const KINDS = {
  search: '/registry/bionas.dev/bionassearches/',
  trial: '/registry/bionas.dev/trials/',
  pod: '/registry/pods/',
  event: '/registry/events/',
} as const;

type Kind = keyof typeof KINDS;

export interface Stored {
  /** Of the file, history that is not compacted yet included. */
  readonly etcdBytes: number;
  readonly largestBytes: Readonly<Record<Kind, number>>;
}

export async function storedIn(etcdUrl: string): Promise<Stored> {
  const { dbSize } = await ask<{ dbSize: string }>(etcdUrl, 'maintenance/status', {});
  const largest = await Promise.all(
    Object.entries(KINDS).map(async ([kind, prefix]) => [
      kind,
      await largestUnder(etcdUrl, prefix),
    ]),
  );
  return { etcdBytes: Number(dbSize), largestBytes: Object.fromEntries(largest) };
}

async function largestUnder(etcdUrl: string, prefix: string): Promise<number> {
  // The end of a range is the key after the last: the prefix with its last character raised by one.
  const end = `${prefix.slice(0, -1)}0`;
  const range = { key: btoa(prefix), range_end: btoa(end) };
  const { kvs = [] } = await ask<{ kvs?: { value: string }[] }>(etcdUrl, 'kv/range', range);
  return kvs.reduce((most, { value }) => Math.max(most, Buffer.byteLength(value, 'base64')), 0);
}

async function ask<T>(etcdUrl: string, path: string, body: object): Promise<T> {
  const answer = await fetch(`${etcdUrl}/v3/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
  if (!answer.ok) throw new Error(`etcd answers ${answer.status} to ${path}`);
  return (await answer.json()) as T;
}

// A real S3 server on 127.0.0.1: versitygw over a directory, as scripts/s3/build.sh builds it.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { StoreSettings } from '../../trainer/data/stores/index.ts';

const script = fileURLToPath(new URL('../../scripts/s3/build.sh', import.meta.url));
const program = execFileSync(script, ['--where'], { encoding: 'utf8' }).trim();

export const hasS3Server = existsSync(program);
if (!hasS3Server) console.log('skipped: S3, as no server is built (make s3-server)');

const KEYS = { accessKeyId: 'bionas-test', secretAccessKey: 'a secret of tests' };

export interface S3Server {
  /** Its buckets are the folders in there. */
  readonly directory: string;
  readonly settings: StoreSettings;
  /** The variables that say the same. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** With one empty bucket. */
export async function startS3Server(bucket: string): Promise<S3Server> {
  const root = await mkdtemp(join(tmpdir(), 'bionas-s3-'));
  const directory = join(root, 'buckets');
  await mkdir(join(directory, bucket), { recursive: true });
  await mkdir(join(root, 'attributes'));
  const port = await freePort();
  const sidecar = ['--sidecar', join(root, 'attributes')];
  const server = spawn(
    program,
    [
      '--port',
      `127.0.0.1:${port}`,
      '--region',
      'us-east-1',
      '--quiet',
      'posix',
      ...sidecar,
      directory,
    ],
    {
      env: { ROOT_ACCESS_KEY: KEYS.accessKeyId, ROOT_SECRET_KEY: KEYS.secretAccessKey },
      stdio: 'ignore',
    },
  );
  const endpoint = `http://127.0.0.1:${port}`;
  await answering(endpoint);
  const close = async () => {
    server.kill();
    await once(server, 'exit');
    await rm(root, { recursive: true });
  };
  return {
    directory,
    settings: {
      s3: { ...KEYS, region: 'us-east-1', endpoint },
      patience: { idle: 5000, tries: 2, pause: 10 },
    },
    env: {
      AWS_ACCESS_KEY_ID: KEYS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: endpoint,
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function answering(endpoint: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const response = await fetch(endpoint).catch(() => undefined);
    if (response !== undefined) return;
    await wait(50);
  }
  throw new Error(`${endpoint}: expected the S3 server to answer within 10 s, got nothing`);
}

// `bionas support-bundle`: all that helps, and none of the secrets that were planted in every place that may hold one.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { addSupportBundleCommand } from '../../../cli/support-bundle/index.ts';
import { redacted, redactedText } from '../../../cli/support-bundle/redact.ts';
import { leaveNight, night } from '../../builders/night-run.ts';
import { makeFailedRecord, makeRecord } from '../../builders/search-result.ts';
import { verb } from '../../builders/verbs.ts';

const JWT = 'eyJhbGciOiJSUzI1NiIsImtpZCI6.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJlLW9mLWFkYQ';
const NKEY = `SUA${'M7QYPLANTED2ABCDEFGHIJKLMNOPQRSTUVWXYZ2345672ABCDEFGHIJ'}`;
const PEM = '-----BEGIN PRIVATE KEY-----\nTUlHSEFnRUFNQk1HQnlxR1NNNDk\n-----END PRIVATE KEY-----';
/** Of each, what must not be found. */
const PLANTED = [
  'planted-hunter2',
  'c2lnbmF0dXJl',
  'M7QYPLANTED',
  'TUlHSEFnRUFN',
  'AKIAPLANTED000000000',
];

describe('redactedText', () => {
  test.each([
    ['a password in a URL', 'nats://ada:planted-hunter2@nats:4222', 'nats://REDACTED@nats:4222'],
    ['a token in a URL', 'https://planted-hunter2@host/x', 'https://REDACTED@host/x'],
    ['a header', 'Authorization: Bearer planted-hunter2', 'Authorization: REDACTED'],
    ['a flag', '--password=planted-hunter2 --seed 3', '--password=REDACTED --seed 3'],
    ['a flag and its value', '--api-key planted-hunter2 run', '--api-key REDACTED run'],
    ['JSON', '{"token": "planted-hunter2", "n": 1}', '{"token": "REDACTED", "n": 1}'],
    ['a variable', 'WANDB_API_KEY=planted-hunter2', 'WANDB_API_KEY=REDACTED'],
    ['a short name', 'DB_PASS=planted-hunter2', 'DB_PASS=REDACTED'],
    ['a signed URL', '?X-Amz-Signature=planted-hunter2', '?X-Amz-Signature=REDACTED'],
    ['a JSON Web Token', `let in ${JWT}.`, 'let in REDACTED.'],
    ['a seed', `with ${NKEY}`, 'with REDACTED'],
    ['a key of a cloud', 'id AKIAPLANTED000000000', 'id REDACTED'],
    [
      'a private key without its head',
      `${PEM.split('\n').slice(1).join('\n')}\nend`,
      'REDACTED\nend',
    ],
    ['a private key', `key:\n${PEM}\nend`, 'key:\nREDACTED\nend'],
  ])('%s', (_, text, expected) => {
    expect(redactedText(text)).toBe(expected);
  });

  test.each([
    'trial night-0003 failed: CUDA error: out of memory',
    'nb201;avg_pool_3x3~0|nor_conv_3x3:FA~0,nor_conv_3x3:uSF~1;rest=BP',
    'loss 0.61 at step 100 of seed 3, 12 of 50 keys',
    'SUCCEEDED AND TRAINED',
    'the token expired yesterday, and no secret is left',
  ])('leaves %j', (text) => {
    expect(redactedText(text)).toBe(text);
  });
});

test('of objects: values of variables and of what is called a secret go, references stay', () => {
  const seen = redacted({
    metadata: {
      annotations: {
        'kubectl.kubernetes.io/last-applied-configuration': 'all of it again',
        team: 'a',
      },
    },
    env: [
      { name: 'WANDB', value: 'planted-hunter2' },
      { name: 'BIONAS_THREADS', value: '4' },
      { name: 'BIONAS_NATS_TOKEN', value: 'planted-hunter2' },
      { name: 'HF', valueFrom: { secretKeyRef: { name: 'hub', key: 'token' } } },
    ],
    volume: { secret: { secretName: 'data' } },
    password: 'planted-hunter2',
    seed: 7,
  });
  expect(seen).toEqual({
    metadata: { annotations: { team: 'a' } },
    env: [
      { name: 'WANDB', value: 'REDACTED' },
      { name: 'BIONAS_THREADS', value: '4' },
      { name: 'BIONAS_NATS_TOKEN', value: 'REDACTED' },
      { name: 'HF', valueFrom: { secretKeyRef: { name: 'hub', key: 'token' } } },
    ],
    volume: { secret: { secretName: 'data' } },
    password: 'REDACTED',
    seed: 7,
  });
});

test('the archive has what helps, and nothing that was planted', async () => {
  const { search } = night();
  const container = {
    name: 'trainer',
    env: [{ name: 'HUB', value: 'planted-hunter2' }],
    args: ['--hub-token', 'planted-hunter2', '--token=planted-hunter2', `--jwt=${JWT}`],
  };
  const template = {
    metadata: { annotations: { 'team/token': 'planted-hunter2' } },
    spec: { containers: [container] },
  };
  const folder = await leaveNight({
    search: { ...search, spec: { ...search.spec, trialTemplate: template as never } },
    records: [makeRecord(0), makeFailedRecord(3, `no way to nats://ada:planted-hunter2@nats`)],
    logs: {
      'night-0003-0': `starting with ${NKEY}\n${PEM}\nout of memory\n`,
      'night-0003-1': 'AKIAPLANTED000000000 is refused\n',
      'night-0003-1-w1': 'this one ran out of memory\n',
      'night-0000-0': 'a good one\n',
    },
  });
  const { out } = await verb(addSupportBundleCommand, folder, ['support-bundle', 'night']);
  expect(out).toEqual([expect.stringMatching(/^bionas-night.tar.gz: \d+ files; look through it/)]);
  execFileSync('tar', ['-xzf', join(folder, 'bionas-night.tar.gz'), '-C', folder]);
  const root = join(folder, 'bionas-night');
  const names = readdirSync(root, { recursive: true }).map(String).toSorted();
  expect(names).toEqual([
    'about.yaml',
    'events.yaml',
    'failures.yaml',
    'files.yaml',
    'history.yaml',
    'logs',
    'logs/night-0003-0.log',
    'logs/night-0003-1-w1.log',
    'logs/night-0003-1.log',
    'search.yaml',
    'trials.yaml',
  ]);
  const read = (name: string) => readFileSync(join(root, name), 'utf8');
  const all = names
    .filter((name) => name !== 'logs')
    .map(read)
    .join('\n');
  for (const secret of PLANTED) expect(all).not.toContain(secret);
  expect(read('logs/night-0003-0.log')).toBe('starting with REDACTED\nREDACTED\nout of memory\n');
  expect(read('search.yaml')).toContain('name: HUB');
  expect(read('failures.yaml')).toContain('reason: TrainerFailed');
  expect(read('history.yaml')).toMatch(/known: 3\n/);
  expect(read('about.yaml')).toContain('place: local');
  expect(existsSync(join(root, 'missing.txt'))).toBe(false);
});

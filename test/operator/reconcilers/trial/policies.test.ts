import { expect, test } from 'vitest';
import { Retry, type TrialStatus } from '../../../../crds/index.ts';
import {
  type EndInput,
  judgeEnd,
  type PodEnd,
} from '../../../../operator/reconcilers/trial/policies.ts';
import { emptyStatus } from '../../../../operator/reconcilers/trial/status.ts';

const judge = (
  end: Partial<PodEnd>,
  status: Partial<TrialStatus> = {},
  retry: Partial<Retry> = {},
) =>
  judgeEnd({
    end: { disrupted: false, sinceMs: 0, ...end },
    status: { ...emptyStatus(), ...status },
    retry: Retry.parse(retry),
  });

const again = { kind: 'again', spendsRetry: false, reason: 'Interrupted' };
const retry = (reason: string) => ({ kind: 'again', spendsRetry: true, reason });
const spent = { retries: 1 };
const failure = { reason: 'TrainerFailed', message: 'out of ideas' };

test.each<[string, Partial<PodEnd>, Partial<TrialStatus>, object]>([
  ['exit code 75 costs nothing', { exitCode: 75 }, {}, again],
  ['exit code 75 costs nothing with all retries spent', { exitCode: 75 }, spent, again],
  ['an eviction costs nothing', { exitCode: 137, reason: 'Evicted' }, spent, again],
  ['preemption costs nothing', { exitCode: 143, reason: 'Preempting' }, spent, again],
  ['a lost node costs nothing', { reason: 'NodeLost' }, spent, again],
  ['a machine that stops costs nothing', { exitCode: 143, reason: 'Terminated' }, spent, again],
  ['a Pod that said nothing at all costs nothing', {}, spent, again],
  [
    'SIGKILL at the end of a deletion costs nothing',
    { exitCode: 137, disrupted: true },
    spent,
    again,
  ],
  ['SIGKILL out of the blue spends a retry', { exitCode: 137 }, {}, retry('TrainerFailed')],
  [
    'out of memory spends a retry',
    { exitCode: 137, reason: 'OOMKilled' },
    {},
    retry('OutOfMemory'),
  ],
  [
    'out of memory in a deletion, too',
    { exitCode: 137, reason: 'OOMKilled', disrupted: true },
    {},
    retry('OutOfMemory'),
  ],
  [
    'out of memory again is the end',
    { exitCode: 137, reason: 'OOMKilled' },
    spent,
    { kind: 'failed', reason: 'OutOfMemory' },
  ],
  ['exit code 1 spends a retry', { exitCode: 1 }, {}, retry('TrainerFailed')],
  [
    'exit code 1 again is the end',
    { exitCode: 1 },
    spent,
    { kind: 'failed', reason: 'TrainerFailed' },
  ],
  [
    'a GPU that is not there spends a retry: another node may have one',
    { exitCode: 69 },
    {},
    retry('DeviceUnavailable'),
  ],
  [
    'a GPU that is not there either is the end',
    { exitCode: 69 },
    spent,
    { kind: 'failed', reason: 'DeviceUnavailable' },
  ],
  [
    'a worker that lost another spends a retry, where nobody says why',
    { exitCode: 76 },
    {},
    retry('WorkerLost'),
  ],
  [
    'a worker that lost another in a deletion does not',
    { exitCode: 76, disrupted: true },
    spent,
    again,
  ],
  [
    'exit code 64 is final at once',
    { exitCode: 64 },
    {},
    { kind: 'failed', reason: 'InvalidInput' },
  ],
  [
    'exit code 64 is final in a deletion',
    { exitCode: 64, disrupted: true },
    {},
    { kind: 'failed', reason: 'InvalidInput' },
  ],
  [
    'done but silent: the result may be on its way',
    { exitCode: 0, sinceMs: 4000 },
    {},
    { kind: 'wait', forMs: 6000 },
  ],
  [
    'done but silent for too long spends a retry',
    { exitCode: 0, sinceMs: 10_000 },
    {},
    retry('TrainerFailed'),
  ],
  [
    'done but silent, once more, is the end',
    { exitCode: 0, sinceMs: 10_000 },
    spent,
    { kind: 'failed', reason: 'TrainerFailed' },
  ],
])('%s', (_story, end, status, expected) => {
  expect(judge(end, status)).toMatchObject(expected);
});

test.each<[string, Partial<PodEnd>, Partial<TrialStatus>, string]>([
  [
    'what the trainer said',
    { exitCode: 1, message: 'x' },
    { failure },
    'exit code 1: out of ideas',
  ],
  [
    'else what the kubelet says',
    { exitCode: 128, reason: 'StartError', message: 'no such file' },
    {},
    'StartError: no such file',
  ],
  ['else that nobody said anything', { exitCode: 1 }, {}, 'exit code 1: it said nothing'],
  [
    'that no result came',
    { exitCode: 0, sinceMs: 1e9 },
    {},
    'exit code 0: it ended without a result',
  ],
  ['why the input was refused', { exitCode: 64 }, { failure }, 'out of ideas'],
])('the message tells %s', (_story, end, status, expected) => {
  expect(judge(end, status)).toMatchObject({ message: expect.stringContaining(expected) });
});

const anew = { kind: 'again', spendsRetry: true };
const oom = 'torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB';
const said = (message: string) => ({ end: { exitCode: 1, message } });

test.each<[string, Partial<Omit<EndInput, 'end'>> & { readonly end: Partial<PodEnd> }, object]>([
  [
    'no other attempt where none is allowed',
    { end: { exitCode: 1 }, retry: { limit: 0, never: [] } },
    { kind: 'failed' },
  ],
  [
    'a fourth attempt where three more are',
    {
      end: { exitCode: 1 },
      status: { ...emptyStatus(), retries: 2 },
      retry: { limit: 3, never: [] },
    },
    anew,
  ],
  [
    "none after words of the Pod's that forbid it",
    said(oom),
    {
      kind: 'failed',
      reason: 'TrainerFailed',
      message: `the trainer ended with exit code 1: ${oom} (no other attempt: spec.retry.never has "CUDA out of memory")`,
    },
  ],
  [
    "none after words of the trainer's report that forbid it",
    {
      ...said('unrelated'),
      status: {
        ...emptyStatus(),
        failure: { reason: 'TrainerFailed', message: 'OOM when allocating tensor of shape [9]' },
      },
    },
    { kind: 'failed' },
  ],
  [
    'none after words of the search',
    { ...said('NaN!'), retry: { limit: 1, never: ['nan!'] } },
    { kind: 'failed' },
  ],
  ['its words replace ours', { ...said(oom), retry: { limit: 1, never: ['nan!'] } }, anew],
  ['words mean themselves', { ...said('aab'), retry: { limit: 1, never: ['a*b'] } }, anew],
  ['an interruption needs no retry', { end: { exitCode: 75, message: oom } }, again],
])('retries as the search says: %s', (_story, { end, status, retry }, expected) => {
  expect(judge(end, status, retry)).toMatchObject(expected);
});

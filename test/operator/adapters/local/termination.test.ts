// How the end of a process reads in a Pod's status.
import { expect, test } from 'vitest';
import { type ProcessEnd, terminated } from '../../../../operator/adapters/local/termination.ts';

const end: ProcessEnd = {
  code: null,
  signal: null,
  killed: false,
  oomKills: 0,
  startedAt: '2030-01-01T00:00:00Z',
  finishedAt: '2030-01-01T00:01:00Z',
};

test.each<{ name: string; end: Partial<ProcessEnd>; want: object }>([
  { name: 'exit 0', end: { code: 0 }, want: { exitCode: 0, reason: 'Completed' } },
  { name: 'exit 75', end: { code: 75 }, want: { exitCode: 75, reason: 'Error' } },
  {
    name: 'SIGTERM',
    end: { signal: 'SIGTERM' },
    want: { exitCode: 143, signal: 15, reason: 'Error', message: 'ended by SIGTERM' },
  },
  {
    name: 'a crash, while others ran out of memory',
    end: { signal: 'SIGSEGV', oomKills: 1 },
    want: { exitCode: 139, signal: 11, reason: 'Error' },
  },
  {
    name: 'SIGKILL by the kernel for memory',
    end: { signal: 'SIGKILL', oomKills: 1 },
    want: { exitCode: 137, signal: 9, reason: 'OOMKilled' },
  },
  {
    name: 'SIGKILL by somebody',
    end: { signal: 'SIGKILL' },
    want: { exitCode: 137, signal: 9, reason: 'Error', message: 'ended by SIGKILL' },
  },
  {
    name: 'SIGKILL where the kernel does not say why',
    end: { signal: 'SIGKILL', oomKills: undefined },
    want: { exitCode: 137, reason: 'Error' },
  },
  {
    name: 'SIGKILL by us, while others ran out of memory',
    end: { signal: 'SIGKILL', oomKills: 1, killed: true },
    want: { reason: 'Error', message: 'ended by SIGKILL after its grace period' },
  },
  {
    name: 'a command that is not there',
    end: { startError: new Error('spawn nope ENOENT') },
    want: { exitCode: 128, reason: 'StartError', message: 'spawn nope ENOENT' },
  },
])('$name', (row) => {
  expect(terminated({ ...end, ...row.end })).toMatchObject(row.want);
});

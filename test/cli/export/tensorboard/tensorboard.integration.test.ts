// Event files: TensorBoard's own reader finds in them what the trials measured.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { addExportCommand } from '../../../../cli/export/index.ts';
import { leaveNight } from '../../../builders/night-run.ts';
import { venvPython } from '../../../builders/python-venv.ts';
import { verb } from '../../../builders/verbs.ts';

const python = venvPython('tensorboard');
const READ = fileURLToPath(new URL('read_events.py', import.meta.url));

interface Run {
  readonly scalars: Readonly<Record<string, readonly (readonly [number, number, number])[]>>;
  readonly hparams: Readonly<Record<string, string>>;
  readonly status: number;
}

test.skipIf(python === undefined)('TensorBoard reads a run a trial', async () => {
  const folder = await leaveNight();
  // Twice: the second takes the place of the first.
  for (const _ of [1, 2])
    await verb(addExportCommand, folder, ['export', 'tensorboard', 'night', '--to', 'board']);
  const args = [READ, join(folder, 'board')];
  const { stdout } = await promisify(execFile)(python ?? '', args);
  const runs = JSON.parse(stdout) as Record<string, Run>;
  expect(Object.keys(runs)).toEqual(['night-0000', 'night-0001', 'night-0002', 'night-final-0']);
  const [first, final] = [runs['night-0000'], runs['night-final-0']];
  expect(first?.scalars['train/loss']?.map(([epoch]) => epoch)).toEqual([1, 2]);
  expect(first?.scalars['validation/accuracy']?.at(-1)?.[1]).toBeCloseTo(0.7, 6);
  expect(first?.scalars['trial/accuracy']).toEqual([
    [2, expect.closeTo(0.7, 6), Date.parse('2026-01-01T00:01:00Z') / 1000],
  ]);
  expect(final?.scalars['trial/testAccuracy']?.[0]?.[1]).toBeCloseTo(0.9066, 6);
  expect(first?.status).toBe(1);
  expect(first?.hparams).toMatchObject({ purpose: 'Search', seed: '0', 'rest rule': 'BP' });
  expect(Object.keys(first?.hparams ?? {})).toContain('Cell/node 1/edge 0');
});

// Prometheus' own judgement on the alerts: that they are rules, and when some of them fire. Skipped where promtool is not on the
// PATH (Debian: apt-get install prometheus).
import { execFile, execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '../..');

const has = (program: string): boolean => {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

const there = has('promtool');
if (!there) console.warn('skipped: promtool is not on the PATH');

describe.skipIf(!there)('promtool', () => {
  test('takes the alerts for rules', async () => {
    const { stdout } = await run(
      'promtool',
      ['check', 'rules', 'charts/bionas/alerts/bionas.yaml'],
      {
        cwd: ROOT,
      },
    );
    expect(stdout).toMatch(/SUCCESS: \d+ rules found/);
  });

  test('sees them fire when they are to, and not before', async () => {
    const { stdout } = await run('promtool', ['test', 'rules', 'alerts.promtool.yaml'], {
      cwd: import.meta.dirname,
    });
    expect(stdout).toContain('SUCCESS');
  });
});

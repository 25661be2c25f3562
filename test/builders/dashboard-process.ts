// `bionas dashboard` as a process of its own, at any free port.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const bionas = fileURLToPath(new URL('../../bin/bionas', import.meta.url));

export interface DashboardProcess {
  /** Without a slash at its end. */
  readonly url: string;
  readonly process: ChildProcess;
}

export async function startDashboardProcess(
  cwd: string,
  searches: readonly string[] = [],
): Promise<DashboardProcess> {
  const started = spawn(bionas, ['dashboard', ...searches, '--port', '0'], {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(started.stdout, 'data');
  const [url] = /http:\/\/[^/\s]+/.exec(String(line)) ?? [];
  if (url === undefined) throw new Error(`expected the address of the dashboard, got ${line}`);
  return { url, process: started };
}

// A real MLflow server on this machine, of the environment that scripts/python-venv.sh makes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { eventually } from '../operator/runtime/eventually.ts';

export interface MlflowServer extends AsyncDisposable {
  readonly url: string;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

/** Keeps all in `folder`. */
export async function startMlflow(python: string, folder: string): Promise<MlflowServer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const where = ['--host', '127.0.0.1', '--port', `${port}`, '--workers', '1'];
  const stores = ['--backend-store-uri', `sqlite:///${join(folder, 'mlflow.db')}`];
  const files = ['--artifacts-destination', join(folder, 'artifacts')];
  const child = spawn(python, ['-m', 'mlflow', 'server', ...where, ...stores, ...files], {
    cwd: folder,
    // It starts workers of its own: they end with their group.
    detached: true,
    stdio: 'ignore',
    env: {
      ...process.env,
      PATH: `${dirname(python)}:${process.env['PATH']}`,
      // It would tell its makers that it runs.
      MLFLOW_DISABLE_TELEMETRY: 'true',
      DO_NOT_TRACK: 'true',
    },
  });
  const ended = once(child, 'exit');
  await eventually(async () => {
    const { ok } = await fetch(`${url}/health`);
    if (!ok) throw new Error('not up yet');
  }, 150_000);
  return {
    url,
    async [Symbol.asyncDispose]() {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
      await ended;
    },
  };
}

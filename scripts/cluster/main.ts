// `make cluster` (main.ts up [--with-node]) and `make cluster-down` (main.ts down): a cluster that stays until it is told to go,
// and `make operator` (main.ts operator [FLAGS]), the operator of this checkout on it. A keeper in the background holds the
// cluster (keeper.ts); what `up` prints on standard output is for a shell to evaluate.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { askKeeper, type KeptCluster } from './keeper-socket.ts';
import { kubernetesProgram } from './programs.ts';

const OPERATOR = fileURLToPath(new URL('../../operator/main.ts', import.meta.url));
const QUIET = '--disable-warning=ExperimentalWarning';
const KEEPER = fileURLToPath(new URL('keeper.ts', import.meta.url));
const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
const home = join(cache, 'bionas', 'cluster');

async function up(): Promise<void> {
  const running = await askKeeper(home, 'where');
  if (running === undefined)
    console.error('starting the cluster, which takes some ten seconds ...');
  if (running !== undefined && flags.includes('--with-node') && running.template === undefined) {
    throw new Error('the cluster that runs has no real node: make cluster-down ends it first');
  }
  const { kubeconfig, natsUrl, template } = running ?? (await startKeeper());
  const own = kubernetesProgram('kubectl');
  const path = hasKubectl() ? '' : `\nexport PATH=$PATH:${dirname(own)}`;
  console.log(`export KUBECONFIG=${kubeconfig}\nexport NATS_URL=${natsUrl}${path}`);
  const hints = [
    '',
    'The cluster is up. Take the lines above into your shell, by hand or with',
    '  eval "$(make -s cluster)"',
    'then start the operator of this checkout in another one, and a search:',
    '  make operator',
    '  kubectl apply -f examples/quickstart.yaml',
    `kubectl of its own version: ${own}`,
    ...(template ? [`make operator gives trainers the Pod template of ${template}`] : []),
    `Data and logs: ${home}. make cluster-down ends it.`,
  ];
  console.error(hints.join('\n'));
}

async function startKeeper(): Promise<KeptCluster> {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const logFile = join(home, 'keeper.log');
  const log = openSync(logFile, 'w', 0o600);
  const args = [QUIET, KEEPER, home, ...flags];
  const keeper = spawn(process.execPath, args, {
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  const [said] = await Promise.race([once(keeper, 'message'), once(keeper, 'exit')]);
  if (typeof said !== 'object' || said === null) throw new Error(readFileSync(logFile, 'utf8'));
  keeper.disconnect();
  keeper.unref();
  return said as KeptCluster;
}

const hasKubectl = (): boolean =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .some((folder) => existsSync(join(folder, 'kubectl')));

/** In the foreground, until it ends or is asked to. */
async function operator(): Promise<void> {
  const running = await askKeeper(home, 'where');
  if (running === undefined) throw new Error('no cluster is running: make cluster starts one');
  const { kubeconfig, natsUrl, template } = running;
  const own = [`--kubeconfig=${kubeconfig}`, `--nats=${natsUrl}`, '--no-leader-elect'];
  const health = ['--health-host=127.0.0.1', '--health-port=0'];
  const pods = template === undefined ? [] : [`--trainer-template=${template}`];
  const args = [QUIET, OPERATOR, ...own, ...health, ...pods, ...flags];
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  // A terminal sends its Ctrl-C to both.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  const [code] = await once(child, 'exit');
  process.exitCode = code ?? 1;
}

async function down(): Promise<void> {
  const ended = await askKeeper(home, 'stop');
  console.error(ended ? 'the cluster is gone' : 'no cluster is running');
}

const [command, ...flags] = process.argv.slice(2);
try {
  if (command === 'up') await up();
  else if (command === 'down') await down();
  else if (command === 'operator') await operator();
  else throw new Error(`usage: main.ts up | operator | down, got ${command ?? 'nothing'}`);
} catch (error) {
  console.error(
    `make ${command === 'operator' ? command : 'cluster'}: ${error instanceof Error ? error.message : error}`,
  );
  process.exitCode = 1;
}

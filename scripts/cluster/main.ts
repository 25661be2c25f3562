// `make cluster` (main.ts up [--with-node]) and `make cluster-down` (main.ts down): a cluster that stays until it is told to go.
// A keeper in the background holds it (keeper.ts); what is printed on standard output is for a shell to evaluate.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { askKeeper, type KeptCluster } from './keeper-socket.ts';
import { kubernetesProgram } from './programs.ts';

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
  console.log(`export KUBECONFIG=${kubeconfig}\nexport NATS_URL=${natsUrl}`);
  const hints = [
    '',
    'The cluster is up. Take the two lines above into your shell, by hand or with',
    '  eval "$(make -s cluster)"',
    'and then, for example:',
    '  kubectl get nodes',
    '  kubectl explain bns.spec',
    `kubectl of its own version: ${kubernetesProgram('kubectl')}`,
    ...(template ? [`Trainers run on the real node with the trialTemplate of ${template}`] : []),
    `Data and logs: ${home}. make cluster-down ends it.`,
  ];
  console.error(hints.join('\n'));
}

async function startKeeper(): Promise<KeptCluster> {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const logFile = join(home, 'keeper.log');
  const log = openSync(logFile, 'w', 0o600);
  const args = ['--disable-warning=ExperimentalWarning', KEEPER, home, ...flags];
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

async function down(): Promise<void> {
  const ended = await askKeeper(home, 'stop');
  console.error(ended ? 'the cluster is gone' : 'no cluster is running');
}

const [command, ...flags] = process.argv.slice(2);
try {
  if (command === 'up') await up();
  else if (command === 'down') await down();
  else throw new Error(`usage: main.ts up | down, got ${command ?? 'nothing'}`);
} catch (error) {
  console.error(`make cluster: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}

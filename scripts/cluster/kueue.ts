// Kueue's own controller for a control plane of ours, queueing Pods. It manages its certificate itself, as in a cluster; what a
// kubelet would do there (mount the Secret) and a Service (lead to it) is done here. Pods of all namespaces depend on it, so only
// whoever started the control plane should start it.
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { freePorts } from '../../operator/adapters/local/index.ts';
import type { ControlPlane } from './control-plane.ts';
import { type OwnDirectory, ownDirectory } from './directories.ts';
import { ProgramRun } from './program-run.ts';
import { kueueProgram } from './programs.ts';

const NAMESPACE = 'kueue-system';
const SERVICE = 'kueue-webhook-service';
const SECRET = 'kueue-webhook-server-cert';
/** Of the webhooks, those for Pods and for Kueue's own kinds: the others concern jobs of other projects. */
const HOOKS = /^[mv](pod|clusterqueue|cohort|resourceflavor|workload)\.kb\.io$/;
const READY_MS = 120_000;

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly webhooks?: readonly { readonly name: string; readonly clientConfig: object }[];
}

export interface KueueOptions {
  readonly plane: Pick<ControlPlane, 'kubeconfig' | 'kubectl'>;
  /** Where log, configuration and certificate go, to stay. A folder that goes with it by default. */
  readonly directory?: string;
  /** Fields of its Configuration beside our own. */
  readonly configuration?: Readonly<Record<string, unknown>>;
}

export interface Kueue extends AsyncDisposable {
  readonly pid: number;
  readonly logFile: string;
  readonly stop: () => Promise<void>;
}

/** Starts it and waits until it queues Pods. Throws MissingProgramError, ProgramError, KubectlError. */
export async function startKueue(options: KueueOptions): Promise<Kueue> {
  const { program, manifests } = kueueProgram();
  const home = await ownDirectory(options.directory);
  const [webhookPort = 0, healthPort = 0] = await freePorts(2);
  await install(options, await manifestsIn(manifests), webhookPort);
  const args = await configure(home, options, { webhookPort, healthPort });
  const run = await ProgramRun.start({
    ...{ name: 'kueue', program, args, directory: home.path },
    env: { ...process.env, KUBECONFIG: options.plane.kubeconfig },
  });
  const stop = async () => {
    await run.stop();
    await home.remove();
  };
  try {
    await run.until(() => mountCertificate(options, home), 'its certificate', READY_MS);
    await run.until(() => isReady(healthPort), '/readyz', READY_MS);
    return { pid: run.pid, logFile: run.logFile, stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const certificatesOf = ({ path }: OwnDirectory): string => join(path, 'certificates');

async function configure(
  home: OwnDirectory,
  { configuration }: KueueOptions,
  ports: { readonly webhookPort: number; readonly healthPort: number },
): Promise<string[]> {
  await mkdir(certificatesOf(home), { recursive: true });
  const file = join(home.path, 'configuration.yaml');
  await writeFile(
    file,
    stringify({
      apiVersion: 'config.kueue.x-k8s.io/v1beta2',
      kind: 'Configuration',
      namespace: NAMESPACE,
      health: { healthProbeBindAddress: `127.0.0.1:${ports.healthPort}` },
      metrics: { bindAddress: '0' },
      webhook: { host: '127.0.0.1', port: ports.webhookPort, certDir: certificatesOf(home) },
      leaderElection: { leaderElect: false },
      clientConnection: { qps: 500, burst: 1000 },
      integrations: { frameworks: ['pod'] },
      ...configuration,
    }),
  );
  // Its page of pending workloads is an API of its own, which would need a port and an authority of its own.
  return [`--config=${file}`, '--feature-gates=VisibilityOnDemand=false'];
}

async function manifestsIn(folder: string): Promise<Manifest[]> {
  const files = await readdir(folder);
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.flatMap((text) =>
    parseAllDocuments(text).flatMap((document) => (document.toJS() as Manifest | null) ?? []),
  );
}

async function install(
  { plane: { kubectl } }: KueueOptions,
  manifests: readonly Manifest[],
  port: number,
): Promise<void> {
  const metadata = (name: string) => ({ name, namespace: NAMESPACE });
  const service = { type: 'ExternalName', externalName: 'localhost', ports: [{ port }] };
  const objects = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
    { apiVersion: 'v1', kind: 'Service', metadata: metadata(SERVICE), spec: service },
    { apiVersion: 'v1', kind: 'Secret', metadata: metadata(SECRET) },
    ...manifests.map((manifest) => ledHere(manifest, port)),
  ];
  const all = objects.map((object) => stringify(object)).join('---\n');
  await kubectl(['apply', '--server-side', '-f', '-'], all);
  const crds = manifests.filter(({ kind }) => kind === 'CustomResourceDefinition');
  const names = crds.map(({ metadata: { name } }) => `crd/${name}`);
  await kubectl(['wait', '--for=condition=Established', '--timeout=60s', ...names]);
}

/** Released manifests name a service that kustomize fills in; versions of a kind are converted by the same one. */
function ledHere(manifest: Manifest, port: number): Manifest {
  const service = { name: SERVICE, namespace: NAMESPACE, port };
  if (manifest.kind === 'CustomResourceDefinition') {
    const clientConfig = { service: { ...service, path: '/convert' } };
    const webhook = { clientConfig, conversionReviewVersions: ['v1'] };
    return {
      ...manifest,
      spec: { ...manifest.spec, conversion: { strategy: 'Webhook', webhook } },
    };
  }
  const name = `kueue-${manifest.metadata.name}`;
  const webhooks = (manifest.webhooks ?? [])
    .filter((hook) => HOOKS.test(hook.name))
    .map((hook) => {
      const { path } = (hook.clientConfig as { service: { path: string } }).service;
      return { ...hook, clientConfig: { service: { ...service, path } } };
    });
  return { ...manifest, metadata: { name }, webhooks };
}

/** As a kubelet does with a Secret, once there is something in it. */
async function mountCertificate(
  { plane: { kubectl } }: KueueOptions,
  home: OwnDirectory,
): Promise<boolean> {
  const folder = certificatesOf(home);
  if (existsSync(join(folder, 'tls.crt'))) return true;
  const secret = await kubectl(['-n', NAMESPACE, 'get', 'secret', SECRET, '-o', 'json']);
  const { data = {} } = JSON.parse(secret) as { data?: Record<string, string> };
  const files = ['ca.crt', 'tls.key', 'tls.crt'];
  if (files.some((name) => data[name] === undefined)) return false;
  for (const name of files)
    await writeFile(join(folder, name), Buffer.from(data[name] ?? '', 'base64'), { mode: 0o600 });
  return true;
}

async function isReady(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/readyz`)).ok;
  } catch {
    return false;
  }
}

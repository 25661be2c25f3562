// A control plane of Kubernetes' own programs on free ports of the loopback, with RBAC on and the CRDs of bionas served.
import { readFileSync } from 'node:fs';
import { get } from 'node:https';
import { fileURLToPath } from 'node:url';
import { freePorts } from '../../operator/adapters/local/index.ts';
import { type Access, writeAccess } from './access.ts';
import { type OwnDirectory, ownDirectory } from './directories.ts';
import * as flags from './flags.ts';
import { type Kubectl, kubectlOf } from './kubectl.ts';
import { kubeletClientFlags } from './node/kubelet-client.ts';
import { ProgramRun } from './program-run.ts';
import { kubernetesProgram } from './programs.ts';

const CRDS = fileURLToPath(new URL('../../charts/bionas-crds/templates/', import.meta.url));
const ANSWER_MS = 2000;

const FLAGS = {
  etcd: flags.etcdFlags,
  'kube-apiserver': flags.apiserverFlags,
  'kube-controller-manager': flags.controllerManagerFlags,
  'kube-scheduler': flags.schedulerFlags,
} as const;
export type Part = keyof typeof FLAGS;
const PARTS = Object.keys(FLAGS) as Part[];

type MoreFlags = Readonly<Partial<Record<Part, readonly string[]>>>;

export interface ControlPlaneOptions {
  /** All by default. etcd and kube-apiserver are always among them. */
  readonly parts?: readonly Part[];
  /** Where data, logs and kubeconfigs go, to stay. A folder that goes with the control plane by default. */
  readonly directory?: string;
  /** Whether a real node may join (node/index.ts). Needs openssl. */
  readonly realNode?: boolean;
  /** Flags of its parts beside our own; a later one wins. */
  readonly flags?: MoreFlags;
}

export class ControlPlane {
  readonly directory: string;
  readonly server: string;
  readonly port: number;
  /** URL of etcd; it speaks JSON under /v3. */
  readonly etcdUrl: string;
  /** PEM file with the authority of the server's certificate. */
  readonly authority: string;
  /** The administrator's, of the group system:masters. */
  readonly token: string;
  /** Path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  readonly kubectl: Kubectl;
  readonly access: Access;
  readonly #home: OwnDirectory;
  readonly #layout: flags.Layout;
  readonly #moreFlags: MoreFlags;
  readonly #runs = new Map<Part, ProgramRun>();

  private constructor(home: OwnDirectory, layout: flags.Layout, moreFlags: MoreFlags) {
    this.#home = home;
    this.#layout = layout;
    this.#moreFlags = moreFlags;
    this.directory = home.path;
    this.port = layout.apiserverPort;
    this.server = serverOf(this.port);
    this.etcdUrl = flags.etcdUrl(layout);
    this.access = layout.access;
    this.authority = layout.access.authority;
    this.token = layout.access.token;
    this.kubeconfig = layout.access.kubeconfigOf('admin');
    this.kubectl = kubectlOf(this.kubeconfig);
  }

  static async start(options: ControlPlaneOptions): Promise<ControlPlane> {
    const parts = options.parts ?? PARTS;
    const [etcdPort = 0, etcdPeerPort = 0, apiserverPort = 0] = await freePorts(3);
    const home = await ownDirectory(options.directory);
    const access = writeAccess(home.path, serverOf(apiserverPort));
    const layout = { directory: home.path, etcdPort, etcdPeerPort, apiserverPort, access };
    const controlled = parts.includes('kube-controller-manager');
    const ofApiserver = [
      // The controller manager makes the service accounts that this plug-in asks of every Pod.
      ...(controlled ? [] : ['--disable-admission-plugins=ServiceAccount']),
      ...(options.realNode ? await kubeletClientFlags(home.path) : []),
      ...(options.flags?.['kube-apiserver'] ?? []),
    ];
    const moreFlags = { ...options.flags, 'kube-apiserver': ofApiserver };
    const plane = new ControlPlane(home, layout, moreFlags);
    try {
      await plane.#startAll(new Set([...PARTS.slice(0, 2), ...parts]));
    } catch (error) {
      await plane.stop();
      throw error;
    }
    return plane;
  }

  async #startAll(parts: ReadonlySet<Part>): Promise<void> {
    await this.#start('etcd');
    await this.restartApiserver();
    for (const part of PARTS.slice(2)) if (parts.has(part)) await this.#start(part);
    await this.kubectl(['apply', '--server-side', '-f', CRDS]);
    await this.kubectl(['wait', '--for=condition=Established', '--timeout=60s', '-f', CRDS]);
    const controllers = this.#runs.get('kube-controller-manager');
    await controllers?.until(() => this.#hasDefaultAccount(), 'the first service account');
  }

  /** Starts kube-apiserver on its port, after killing it where it runs, and waits until it is ready. */
  async restartApiserver(): Promise<void> {
    await this.killApiserver();
    const run = await this.#start('kube-apiserver');
    await run.until(() => this.isReady(), '/readyz');
  }

  /** SIGKILL. Everything else keeps running. */
  async killApiserver(): Promise<void> {
    await this.#runs.get('kube-apiserver')?.kill();
  }

  /** Whether kube-apiserver answers and calls itself ready. */
  async isReady(): Promise<boolean> {
    return (await this.#statusOf('/readyz')) === 200;
  }

  /** Process ids, as they are now. */
  get pids(): Readonly<Partial<Record<Part, number>>> {
    return Object.fromEntries([...this.#runs].map(([part, { pid }]) => [part, pid]));
  }

  /** Ends every part, in an order that lets each end in peace, and removes the folder if it is our own. */
  async stop(): Promise<void> {
    // An API server whose etcd went first hangs for minutes, and keeps its port.
    for (const part of PARTS.toReversed()) await this.#runs.get(part)?.stop();
    this.#runs.clear();
    await this.#home.remove();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #start(part: Part): Promise<ProgramRun> {
    const more = this.#moreFlags[part] ?? [];
    const run = await ProgramRun.start({
      name: part,
      program: kubernetesProgram(part),
      args: [...FLAGS[part](this.#layout), ...more],
      directory: this.directory,
    });
    this.#runs.set(part, run);
    return run;
  }

  /** Undefined where nothing answers. */
  async #statusOf(path: string): Promise<number | undefined> {
    return new Promise((resolve) => {
      const nothing = () => resolve(undefined);
      try {
        const headers = { authorization: `Bearer ${this.token}` };
        const ca = readFileSync(this.authority);
        const options = { ca, headers, timeout: ANSWER_MS, agent: false };
        const request = get(`${this.server}${path}`, options, (response) => {
          response.resume();
          resolve(response.statusCode);
        });
        request.on('error', nothing).on('timeout', () => request.destroy());
      } catch {
        // It has not written its certificate yet.
        nothing();
      }
    });
  }

  async #hasDefaultAccount(): Promise<boolean> {
    const path = '/api/v1/namespaces/default/serviceaccounts/default';
    return (await this.#statusOf(path)) === 200;
  }
}

/** Starts one and waits until it is ready. Throws MissingProgramError, ProgramError. */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  return ControlPlane.start(options);
}

function serverOf(port: number): string {
  return `https://127.0.0.1:${port}`;
}

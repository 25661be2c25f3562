// Fake nodes with eight GPUs each, and Pods on them that run and end as their annotations say (kwok-stages.yaml).
import { fileURLToPath } from 'node:url';
import {
  createKubernetesClients,
  loadKubeConfig,
} from '../../operator/adapters/kubernetes/index.ts';
import {
  AlreadyExistsError,
  type KubernetesObject,
  systemClock,
} from '../../operator/runtime/index.ts';
import { type OwnDirectory, ownDirectory } from './directories.ts';
import { ProgramRun } from './program-run.ts';
import { kubernetesProgram } from './programs.ts';

const STAGES = fileURLToPath(new URL('kwok-stages.yaml', import.meta.url));
const FAKE = 'kwok.x-k8s.io/node';
const NODES = { apiVersion: 'v1', kind: 'Node', plural: 'nodes', namespaced: false } as const;
const LEASE_SECONDS = 40;
/** Thousands of nodes take minutes. */
const READY_MS = 600_000;
const AT_ONCE = 32;

export interface KwokOptions {
  readonly kubeconfig: string;
  /** How many fake nodes: gpu-1, gpu-2, ... 3 by default. */
  readonly nodes?: number;
  /** Where the log goes, to stay. A folder that goes with kwok by default. */
  readonly directory?: string;
  /** Path of other stages than our own. */
  readonly stages?: string;
  /** false: nodes say once that they are ready, and never again. */
  readonly heartbeats?: boolean | undefined;
}

export class Kwok {
  readonly nodes: readonly string[];
  readonly #home: OwnDirectory;
  readonly #run: ProgramRun;

  private constructor(home: OwnDirectory, run: ProgramRun, nodes: readonly string[]) {
    this.#home = home;
    this.#run = run;
    this.nodes = nodes;
  }

  static async start({ kubeconfig, nodes = 3, ...options }: KwokOptions): Promise<Kwok> {
    const home = await ownDirectory(options.directory);
    const run = await ProgramRun.start({
      name: 'kwok',
      program: kubernetesProgram('kwok'),
      args: [
        `--kubeconfig=${kubeconfig}`,
        `--config=${options.stages ?? STAGES}`,
        '--manage-all-nodes=false',
        `--manage-nodes-with-annotation-selector=${FAKE}=fake`,
        `--node-lease-duration-seconds=${options.heartbeats === false ? 0 : LEASE_SECONDS}`,
      ],
      directory: home.path,
      // It keeps a folder in the home of its user.
      env: { ...process.env, HOME: home.path },
    });
    const names = Array.from({ length: nodes }, (_, index) => `gpu-${index + 1}`);
    const kwok = new Kwok(home, run, names);
    try {
      await kwok.#addNodes(kubeconfig);
    } catch (error) {
      await kwok.stop();
      throw error;
    }
    return kwok;
  }

  async #addNodes(kubeconfig: string): Promise<void> {
    const clients = createKubernetesClients({
      kubeConfig: loadKubeConfig({ file: kubeconfig }),
      product: { name: 'fake-nodes', version: '0' },
      clock: systemClock,
      random: Math.random,
      qps: 2_000,
      burst: 4_000,
    });
    try {
      const nodes = clients.of<Node>(NODES);
      const left = this.nodes.values();
      const add = async () => {
        for (const name of left) await nodes.create(fakeNode(name)).catch(unlessThere);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, add));
      const allReady = async () => {
        const { items } = await nodes.list({});
        return items.filter(isReady).length >= this.nodes.length;
      };
      await this.#run.until(allReady, `${this.nodes.length} nodes to be ready`, READY_MS);
    } finally {
      await clients.close();
    }
  }

  get pid(): number {
    return this.#run.pid;
  }

  /** Ends it; nodes and Pods stay as they are. */
  async stop(): Promise<void> {
    await this.#run.stop();
    await this.#home.remove();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** Starts kwok and waits until its nodes are ready. Throws MissingProgramError, ProgramError, KubectlError. */
export async function startKwok(options: KwokOptions): Promise<Kwok> {
  return Kwok.start(options);
}

interface Node extends KubernetesObject {
  readonly spec: unknown;
  readonly status?: { readonly conditions?: { readonly type: string; readonly status: string }[] };
}

const isReady = ({ metadata, status }: Node): boolean =>
  metadata.labels?.['type'] === 'kwok' &&
  status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;

function unlessThere(error: unknown): void {
  if (!(error instanceof AlreadyExistsError)) throw error;
}

/** Tainted, so that only Pods that ask for a fake node get one. */
function fakeNode(name: string): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      annotations: { [FAKE]: 'fake' },
      labels: {
        type: 'kwok',
        'kubernetes.io/hostname': name,
        'nvidia.com/gpu.product': 'NVIDIA-H100-80GB-HBM3',
      },
    },
    spec: { taints: [{ key: FAKE, value: 'fake', effect: 'NoSchedule' }] },
  };
}

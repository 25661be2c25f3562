// Fake nodes with eight GPUs each, and Pods on them that run and end as their annotations say (kwok-stages.yaml).
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { type OwnDirectory, ownDirectory } from './directories.ts';
import { kubectlOf } from './kubectl.ts';
import { ProgramRun } from './program-run.ts';
import { kubernetesProgram } from './programs.ts';

const STAGES = fileURLToPath(new URL('kwok-stages.yaml', import.meta.url));
const FAKE = 'kwok.x-k8s.io/node';

export interface KwokOptions {
  readonly kubeconfig: string;
  /** How many fake nodes: gpu-1, gpu-2, ... 3 by default. */
  readonly nodes?: number;
  /** Where the log goes, to stay. A folder that goes with kwok by default. */
  readonly directory?: string;
  /** Path of other stages than our own. */
  readonly stages?: string;
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
        '--node-lease-duration-seconds=40',
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
    const kubectl = kubectlOf(kubeconfig);
    if (this.nodes.length === 0) return;
    await kubectl(['apply', '--server-side', '-f', '-'], this.nodes.map(fakeNode).join('---\n'));
    const allReady = async () => {
      const ready = '{.items[*].status.conditions[?(@.type=="Ready")].status}';
      const states = await kubectl(['get', 'nodes', '-l', 'type=kwok', '-o', `jsonpath=${ready}`]);
      return states.split(' ').filter((state) => state === 'True').length >= this.nodes.length;
    };
    await this.#run.until(allReady, `${this.nodes.length} nodes to be ready`);
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

/** Tainted, so that only Pods that ask for a fake node get one. */
function fakeNode(name: string): string {
  return stringify({
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
  });
}

// A real node: Kubernetes' own kubelet on Debian's containerd, with one image and no registry. Linux and root only.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePorts } from '../../../operator/adapters/local/index.ts';
import type { ControlPlane } from '../control-plane.ts';
import { ProgramRun } from '../program-run.ts';
import { kubernetesProgram } from '../programs.ts';
import { onDeath } from '../watchdog.ts';
import * as configuration from './configuration.ts';
import { writeImage } from './image.ts';
import { rememberKernelSettings } from './kernel-settings.ts';
import { clientCertificate } from './kubelet-client.ts';
import { installNodePackages, REAL_LABEL } from './packages.ts';
import { makeControlGroup, removeRemains } from './remains.ts';
import { ServiceNetwork } from './service-network.ts';

export { hostPodTemplate } from './host-pod.ts';
export { nodeObstacle } from './packages.ts';

const run = promisify(execFile);
const CLEANUP = fileURLToPath(new URL('cleanup.ts', import.meta.url));

export class RealNode {
  readonly name = configuration.NODE_NAME;
  readonly #plane: ControlPlane;
  readonly #layout: configuration.NodeLayout;
  readonly #runs: ProgramRun[] = [];
  #services: ServiceNetwork | undefined;
  #forget = () => {};

  private constructor(plane: ControlPlane, layout: configuration.NodeLayout) {
    this.#plane = plane;
    this.#layout = layout;
  }

  static async start(plane: ControlPlane): Promise<RealNode> {
    await installNodePackages();
    const [kubeletPort = 0] = await freePorts(1);
    const directory = join(plane.directory, 'node');
    const kubeletClientCertificate = clientCertificate(plane.directory);
    const node = new RealNode(plane, { directory, kubeletPort, kubeletClientCertificate });
    try {
      await node.#prepare();
      await node.#startContainerd();
      await node.#startKubelet();
    } catch (error) {
      await node.stop();
      throw error;
    }
    return node;
  }

  async #prepare(): Promise<void> {
    const { directory } = this.#layout;
    const network = configuration.networkFolder(this.#layout);
    await mkdir(network, { recursive: true, mode: 0o700 });
    this.#forget = onDeath({ run: [process.execPath, CLEANUP, directory] });
    makeControlGroup(directory);
    rememberKernelSettings(directory);
    const write = (name: string, content: string) => writeFile(join(directory, name), content);
    await write('containerd.toml', configuration.containerdConfiguration(this.#layout));
    await write('kubelet.yaml', configuration.kubeletConfiguration(this.#layout));
    await writeFile(
      join(network, '10-pods.conflist'),
      configuration.networkConfiguration(this.#layout),
    );
  }

  async #startContainerd(): Promise<void> {
    const { directory } = this.#layout;
    const args = ['--config', join(directory, 'containerd.toml')];
    const containerd = await ProgramRun.start({
      ...{ name: 'containerd', program: 'containerd', args, directory },
    });
    this.#runs.push(containerd);
    await containerd.until(() => this.#ctr('version'), 'its socket');
    const layout = join(directory, 'image');
    await writeImage(layout, kubernetesProgram('pause'));
    await this.import(layout);
  }

  /** Gives it the image of an OCI layout. */
  async import(layout: string): Promise<void> {
    const tar = spawn('tar', ['-C', layout, '-cf', '-', '.'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const images = ['--namespace', 'k8s.io', 'images', 'import', '-'];
    const ctr = spawn('ctr', ['--address', configuration.socketOf(this.#layout), ...images], {
      stdio: [tar.stdout, 'ignore', 'pipe'],
    });
    const [said, [code]] = await Promise.all([text(ctr.stderr), once(ctr, 'close')]);
    if (code !== 0) throw new Error(`containerd does not take the image of ${layout}: ${said}`);
  }

  /** Gives an image that it has one more name. */
  async tag(name: string, another: string): Promise<void> {
    if (!(await this.#ctr('--namespace', 'k8s.io', 'images', 'tag', name, another)))
      throw new Error(`containerd has no image ${name} that could be named ${another} as well`);
  }

  async #startKubelet(): Promise<void> {
    const { directory } = this.#layout;
    const kubelet = await ProgramRun.start({
      name: 'kubelet',
      program: kubernetesProgram('kubelet'),
      args: [
        `--config=${join(directory, 'kubelet.yaml')}`,
        `--kubeconfig=${this.#plane.access.kubeconfigOf('kubelet')}`,
        `--root-dir=${join(directory, 'kubelet')}`,
        `--cert-dir=${join(directory, 'certificates')}`,
        `--hostname-override=${this.name}`,
        `--node-labels=${REAL_LABEL}`,
      ],
      directory,
    });
    this.#runs.push(kubelet);
    await kubelet.until(() => this.#isReady(), 'its node to be ready');
  }

  async #isReady(): Promise<boolean> {
    const ready = '{.status.conditions[?(@.type=="Ready")].status}';
    const get = ['get', 'node', this.name, '--ignore-not-found', '-o', `jsonpath=${ready}`];
    return (await this.#plane.kubectl(get)) === 'True';
  }

  /** From now on its Pods reach Services by address and by name. */
  async serveServices(): Promise<void> {
    this.#services = await ServiceNetwork.start(this.#plane, this.#layout.directory);
  }

  /** Ends its Pods, then its parts, and removes what they leave behind but for the folder, which is the control plane's. */
  async stop(): Promise<void> {
    const [containerd, kubelet] = this.#runs.splice(0);
    if (kubelet?.running && (await this.#plane.isReady())) await this.#deletePods();
    await this.#services?.stop();
    await kubelet?.stop();
    await containerd?.stop();
    removeRemains(this.#layout.directory);
    this.#forget();
  }

  /** In peace, the kubelet removes their networks too. */
  async #deletePods(): Promise<void> {
    const here = ['--all-namespaces', `--field-selector=spec.nodeName=${this.name}`];
    await this.#plane
      .kubectl(['delete', 'pods', ...here, '--grace-period=1', '--timeout=30s'])
      .catch(() => {});
  }

  async #ctr(...args: string[]): Promise<boolean> {
    return run('ctr', ['--address', configuration.socketOf(this.#layout), ...args]).then(
      () => true,
      () => false,
    );
  }
}

/**
 * Joins a real node to a control plane that was started with `realNode`, and waits until it is ready.
 * Throws NodeImpossibleError, MissingProgramError, ProgramError.
 */
export async function startNode(plane: ControlPlane): Promise<RealNode> {
  return RealNode.start(plane);
}

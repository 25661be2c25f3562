// bionas as a cluster's administrator installs it: the charts, by the real helm, in namespaces that enforce Pod Security's profile
// `restricted`, in containers of a real kubelet. NATS is the chart's own.
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Helm, startHelm } from '../../../scripts/charts/helm.ts';
import { type Cluster, startCluster } from '../../../scripts/cluster/index.ts';
import { buildImages, referenceOf } from '../../../scripts/images/index.ts';
import { realPictures } from '../../builders/real-pictures.ts';
import { chartPath, type GivenValues, NAMESPACE } from '../../charts/rendered.ts';
import { SearchRoom } from '../search/search-room.ts';
import { writeNatsImage } from './nats-image.ts';

const REGISTRY = 'bionas.local';
const NATS_TAG = 'pypi';
const REAL = { 'bionas.dev/real': 'true' };
const RESTRICTED = 'pod-security.kubernetes.io/enforce=restricted';

/** What the charts are given here beside their defaults. */
const VALUES = {
  imageRegistry: REGISTRY,
  operator: { replicas: 1, nodeSelector: REAL },
  nats: {
    image: { tag: NATS_TAG },
    nodeSelector: REAL,
    storage: { size: '1Gi' },
  },
  trainer: {
    nodeSelector: REAL,
    env: [{ name: 'BIONAS_THREADS', value: '1' }],
    dataset: { claimName: 'pictures', mountPath: '/data' },
  },
};

export class Release {
  readonly cluster: Cluster;
  /** Of a team that searches. */
  readonly room: SearchRoom;
  readonly #folder: string;
  readonly #helm: Helm;

  private constructor(cluster: Cluster, folder: string, helm: Helm) {
    this.cluster = cluster;
    this.#folder = folder;
    this.#helm = helm;
    this.room = new SearchRoom(cluster.plane.kubectl, 'team');
  }

  /** A cluster with the images, and nothing installed yet. */
  static async prepare(say: (step: string) => void): Promise<Release> {
    const folder = mkdtempSync(join(tmpdir(), 'bionas-release-'));
    say('building the images');
    const images = await buildImages(folder);
    const nats = join(folder, 'nats');
    await writeNatsImage(nats, `${REGISTRY}/nats:${NATS_TAG}`);
    say('starting a control plane and a real node');
    const cluster = await startCluster({ fakeNodes: 1, realNode: true });
    const release = new Release(cluster, folder, await startHelm(cluster.plane.kubeconfig));
    try {
      say('giving the images to containerd');
      for (const layout of [nats, ...images.map((image) => image.layout)])
        await cluster.node?.import(layout);
      await cluster.node?.serveServices();
      await release.#makeRooms();
    } catch (error) {
      await release[Symbol.asyncDispose]();
      throw error;
    }
    return release;
  }

  helm(...args: readonly string[]): Promise<string> {
    return this.#helm([...args, '--namespace', NAMESPACE]);
  }

  /** `verb`: install or upgrade. Back when what it made is ready. */
  put(verb: string, chart: Parameters<typeof chartPath>[0], more: GivenValues = {}) {
    const args = [verb, chart, chartPath(chart), '--namespace', NAMESPACE];
    const values = chart === 'bionas' ? { ...VALUES, ...more } : {};
    return this.#helm([...args, '--wait', '--timeout=180s', '--values=-'], JSON.stringify(values));
  }

  /** Gives the trainer's image one more tag, as a new version has, and returns what the chart is told then. */
  async nextTrainer(tag: string) {
    const image = { name: 'trainer' } as const;
    const known = referenceOf(image);
    await this.cluster.node?.tag(known, known.replace(/:[^:]+$/, `:${tag}`));
    return { ...VALUES.trainer, image: { tag } };
  }

  async #makeRooms(): Promise<void> {
    const { kubectl } = this.cluster.plane;
    for (const name of [NAMESPACE, this.room.namespace]) {
      await kubectl(['create', 'namespace', name]);
      await kubectl(['label', 'namespace', name, RESTRICTED]);
    }
    // The charts bring their own.
    await kubectl(['delete', 'crd', '--all', '--wait']);
    const disk = join(this.#folder, 'disk');
    mkdirSync(disk);
    chmodSync(disk, 0o777);
    const own = realPictures?.['path'];
    const cached = join(homedir(), '.cache/bionas/datasets', String(realPictures?.['name']));
    const pictures = typeof own === 'string' ? own : cached;
    const volumes = [
      volume({ namespace: NAMESPACE, name: 'data-bionas-nats-0' }, disk, 'ReadWriteOnce'),
      volume({ namespace: this.room.namespace, name: 'pictures' }, pictures, 'ReadOnlyMany'),
      claim(this.room.namespace, 'pictures'),
    ];
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: volumes });
    await kubectl(['create', '-f', '-'], list);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cluster.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A folder of the node for one claim: restricted Pods may not name it themselves. */
const volume = (claimRef: { namespace: string; name: string }, path: string, mode: string) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: claimRef.name },
  spec: {
    accessModes: [mode],
    capacity: { storage: '1Gi' },
    hostPath: { path },
    claimRef,
  },
});

const claim = (namespace: string, name: string) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { namespace, name },
  spec: {
    accessModes: ['ReadOnlyMany'],
    storageClassName: '',
    resources: { requests: { storage: '1Gi' } },
  },
});

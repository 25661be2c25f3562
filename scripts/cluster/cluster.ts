// Everything that a search on a cluster needs, started together and ended together.
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { type Kwok, startKwok } from './kwok.ts';
import { type Nats, startNats } from './nats.ts';
import { type RealNode, startNode } from './node/index.ts';

export interface ClusterOptions {
  /** Where data and logs go, to stay. Folders that go with the cluster by default. */
  readonly directory?: string;
  /** How many fake nodes; 3 by default. */
  readonly fakeNodes?: number;
  /** Whether to add a real node: Linux and root only. */
  readonly realNode?: boolean;
}

export interface Cluster extends AsyncDisposable {
  readonly plane: ControlPlane;
  readonly nats: Nats;
  readonly kwok: Kwok;
  readonly node: RealNode | undefined;
  readonly stop: () => Promise<void>;
}

/** A whole control plane, NATS and fake nodes. Throws what the start of any of them throws, after ending the others. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const place = options.directory === undefined ? {} : { directory: options.directory };
  const nodes = options.fakeNodes === undefined ? {} : { nodes: options.fakeNodes };
  const started: { stop(): Promise<void> }[] = [];
  const stop = async () => {
    for (const part of started.splice(0).reverse()) await part.stop();
  };
  try {
    const nats = await startNats(place);
    started.push(nats);
    const { realNode = false } = options;
    const plane = await startControlPlane({ ...place, realNode });
    started.push(plane);
    const kwok = await startKwok({ kubeconfig: plane.kubeconfig, ...place, ...nodes });
    started.push(kwok);
    const node = realNode ? await startNode(plane) : undefined;
    if (node !== undefined) started.push(node);
    return { plane, nats, kwok, node, stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

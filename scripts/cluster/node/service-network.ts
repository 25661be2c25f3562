// Services on a real node without kube-proxy and CoreDNS, which are not built here: their addresses lead to the Pods behind them,
// and a server says their names. TCP only; the first ready Pod of a Service takes all connections.
import { setTimeout as delay } from 'node:timers/promises';
import type { ControlPlane } from '../control-plane.ts';
import { CLUSTER_DOMAIN, NAME_SERVER } from './configuration.ts';
import { startNameServer } from './name-server.ts';
import { addAddress, openService, type Place } from './service-address.ts';

const LOOK_EVERY_MS = 1_000;

interface Service {
  readonly kind: 'Service';
  readonly metadata: { readonly namespace: string; readonly name: string };
  readonly spec: {
    readonly clusterIP?: string;
    readonly ports?: readonly { readonly name?: string; readonly port: number }[];
  };
}

interface EndpointSlice {
  readonly kind: 'EndpointSlice';
  readonly metadata: {
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly endpoints?: readonly {
    readonly addresses: readonly string[];
    readonly conditions?: { readonly ready?: boolean };
  }[];
  readonly ports?: readonly { readonly name?: string; readonly port?: number }[];
}

export class ServiceNetwork {
  readonly #plane: ControlPlane;
  readonly #directory: string;
  readonly #over = new AbortController();
  /** By address and port of the Service. */
  readonly #open = new Map<string, AsyncDisposable>();
  #targets: ReadonlyMap<string, Place> = new Map();
  readonly #addresses = new Map<string, string>();
  #names: AsyncDisposable | undefined;
  #looking: Promise<void> = Promise.resolve();

  private constructor(plane: ControlPlane, directory: string) {
    this.#plane = plane;
    this.#directory = directory;
  }

  /** `directory`: of the node. */
  static async start(plane: ControlPlane, directory: string): Promise<ServiceNetwork> {
    const network = new ServiceNetwork(plane, directory);
    await network.#begin();
    return network;
  }

  async #begin(): Promise<void> {
    await addAddress(NAME_SERVER, this.#directory);
    this.#names = await startNameServer(NAME_SERVER, (name) => this.#addresses.get(name));
    await this.#look();
    this.#looking = this.#lookOn();
  }

  async stop(): Promise<void> {
    this.#over.abort();
    await this.#looking;
    await this.#names?.[Symbol.asyncDispose]();
    for (const service of this.#open.values()) await service[Symbol.asyncDispose]();
  }

  async #lookOn(): Promise<void> {
    const { signal } = this.#over;
    while (!signal.aborted) {
      await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
      // An API server that is away for a moment changes nothing.
      if (!signal.aborted) await this.#look().catch(() => {});
    }
  }

  async #look(): Promise<void> {
    const get = ['get', 'services,endpointslices', '--all-namespaces', '-o', 'json'];
    const { items }: { items: (Service | EndpointSlice)[] } = JSON.parse(
      await this.#plane.kubectl(get),
    );
    const slices = items.filter((item) => item.kind === 'EndpointSlice');
    const services = items.filter((item) => item.kind === 'Service');
    const targets = services.flatMap((service) => this.#targetsOf(service, slices));
    this.#targets = new Map(targets);
    for (const service of services) await this.#serve(service);
  }

  async #serve({ metadata, spec }: Service): Promise<void> {
    const { clusterIP = 'None', ports = [] } = spec;
    if (clusterIP === 'None') return;
    this.#addresses.set(`${metadata.name}.${metadata.namespace}.svc.${CLUSTER_DOMAIN}`, clusterIP);
    for (const { port } of ports) {
      const key = `${clusterIP}:${port}`;
      if (this.#open.has(key)) continue;
      await addAddress(clusterIP, this.#directory);
      const place = { host: clusterIP, port };
      this.#open.set(key, await openService(place, () => this.#targets.get(key)));
    }
  }

  #targetsOf(service: Service, slices: readonly EndpointSlice[]): [string, Place][] {
    const { clusterIP, ports = [] } = service.spec;
    return ports.flatMap(({ name, port }): [string, Place][] => {
      const target = this.#targetOf(service, slices, name);
      return target === undefined ? [] : [[`${clusterIP}:${port}`, target]];
    });
  }

  #targetOf(
    { metadata: { namespace, name } }: Service,
    slices: readonly EndpointSlice[],
    portName: string | undefined,
  ): Place | undefined {
    // The API server says of itself nothing that a Pod could reach.
    if (namespace === 'default' && name === 'kubernetes')
      return { host: '127.0.0.1', port: this.#plane.port };
    for (const { metadata, endpoints = [], ports = [] } of slices) {
      const isOfIt = metadata.labels?.['kubernetes.io/service-name'] === name;
      if (!isOfIt || metadata.namespace !== namespace) continue;
      const port = ports.find((one) => (one.name ?? '') === (portName ?? ''))?.port;
      const ready = endpoints.find(({ conditions }) => conditions?.ready !== false);
      const host = ready?.addresses[0];
      if (host !== undefined && port !== undefined) return { host, port };
    }
    return undefined;
  }
}

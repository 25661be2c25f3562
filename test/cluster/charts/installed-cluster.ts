// A cluster of one's own to install the charts on: fake nodes run the Deployment's Pods, NATS is external and asks the operator
// about those who come with a token, trainers are simulated and come without, and the API server logs who asks for what and
// enforces what OpenShift does of owners.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeKeys, serverConfiguration } from '../../../operator/adapters/nats/index.ts';
import type { Helm } from '../../../scripts/charts/helm.ts';
import {
  type ControlPlane,
  type Kwok,
  type Nats,
  startControlPlane,
  startKwok,
  startNats,
} from '../../../scripts/cluster/index.ts';
import { type GivenValues, realHelm } from '../../charts/rendered.ts';
import { SimulatedTrainers } from '../simulation/trainers.ts';
import { auditFlags, type Requests, requestsOf } from './requests.ts';

const FAKE_NODES = [{ key: 'kwok.x-k8s.io/node', operator: 'Exists' }];
const KEYS = 'nats-keys';
type CalloutKeys = ReturnType<typeof makeKeys>;

/** Whoever comes without a word is the user, beside the operator; whoever has a token is asked about. */
const openTo = (user: string, configuration: string): string =>
  `${configuration
    .replace('users: [ ', `users: [ { user: ${user}, password: ${user} }, `)
    .replace('auth_users: [ ', `auth_users: [ ${user}, `)}no_auth_user: ${user}\n`;

/** Ms that a simulated training takes. */
const TRAINING = 300;

export class InstalledCluster implements AsyncDisposable {
  readonly plane: ControlPlane;
  readonly nats: Nats;
  readonly trainers: SimulatedTrainers;
  readonly #audit: string;
  readonly #kwok: Kwok;
  readonly #helm: Helm;
  readonly #keys: CalloutKeys;

  private constructor(
    parts: Pick<InstalledCluster, 'plane' | 'nats' | 'trainers'>,
    { audit, kwok, helm, keys }: { audit: string; kwok: Kwok; helm: Helm; keys: CalloutKeys },
  ) {
    this.plane = parts.plane;
    this.nats = parts.nats;
    this.trainers = parts.trainers;
    this.#audit = audit;
    this.#kwok = kwok;
    this.#helm = helm;
    this.#keys = keys;
  }

  /** `audited`: users whose requests are logged. */
  static async start(audited: readonly string[]): Promise<InstalledCluster> {
    const audit = mkdtempSync(join(tmpdir(), 'bionas-audit-'));
    const keys = makeKeys();
    const nats = await startNats({ configuration: openTo('known', serverConfiguration(keys)) });
    const owners = '--enable-admission-plugins=OwnerReferencesPermissionEnforcement';
    const flags = { 'kube-apiserver': [...auditFlags(audit, audited), owners] };
    const plane = await startControlPlane({ flags });
    const { kubeconfig } = plane;
    const kwok = await startKwok({ kubeconfig });
    const behaviour = { trainMs: () => TRAINING };
    const seeing = { kubeconfig, nats: nats.url, seed: 1, behaviour };
    const trainers = await SimulatedTrainers.start(seeing);
    const helm = await realHelm(kubeconfig);
    if (helm === undefined) throw new Error('expected helm: ask realHelm() first');
    return new InstalledCluster({ plane, nats, trainers }, { audit, kwok, helm, keys });
  }

  /** Puts the keys of NATS where the values say. */
  async shareKeys(namespace: string): Promise<void> {
    const { operator, issuer, xkey } = this.#keys;
    const seeds = Object.entries({ operator, issuer, xkey }).map(
      ([name, { seed }]) => `--from-literal=${name}.seed=${seed}`,
    );
    await this.plane.kubectl(['-n', namespace, 'create', 'secret', 'generic', KEYS, ...seeds]);
  }

  /** Waits for what it installs. */
  helm(args: readonly string[], values: GivenValues = {}): Promise<string> {
    return this.#helm(args, JSON.stringify(values));
  }

  /** For fake nodes and the NATS of this cluster, and the values given. */
  values({ operator, ...values }: GivenValues = {}): GivenValues {
    return {
      operator: { tolerations: FAKE_NODES, ...(operator as GivenValues | undefined) },
      trainer: {
        tolerations: FAKE_NODES,
        annotations: { 'fake.bionas.dev/runs-for': 'told' },
        resources: { limits: { 'nvidia.com/gpu': 1 } },
      },
      nats: { enabled: false, external: { url: this.nats.url, authCallout: { secretName: KEYS } } },
      ...values,
    };
  }

  requestsOf(user: string): Requests {
    return requestsOf(this.#audit, user);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.trainers[Symbol.asyncDispose]();
    await this.#kwok.stop();
    await this.plane.stop();
    await this.nats.stop();
    rmSync(this.#audit, { recursive: true });
  }
}

// Makes the keys of NATS' auth callout as one Secret: seeds for the operator, and the part of nats-server's configuration that
// holds their public halves. Printed for kubectl, or made in the cluster where it is missing (docs/nats.md).
import { Command } from 'commander';
import { stringify } from 'yaml';
import packageJson from '../package.json' with { type: 'json' };
import { createKubernetesClients, loadKubeConfig } from './adapters/kubernetes/index.ts';
import { makeKeys, serverConfiguration } from './adapters/nats/index.ts';
import {
  AlreadyExistsError,
  type KubernetesObject,
  type ObjectKind,
  systemClock,
} from './runtime/index.ts';

interface Flags {
  readonly name: string;
  readonly namespace: string;
  readonly create: boolean;
  readonly kubeconfig?: string;
}

interface Secret extends KubernetesObject {
  readonly type: 'Opaque';
  readonly stringData: Readonly<Record<string, string>>;
}

const SECRETS: ObjectKind<Secret> = {
  apiVersion: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,
};

function secretOf({ name, namespace }: Flags): Secret {
  const keys = makeKeys();
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    type: 'Opaque',
    stringData: {
      'operator.seed': keys.operator.seed,
      'issuer.seed': keys.issuer.seed,
      'xkey.seed': keys.xkey.seed,
      'auth.conf': serverConfiguration(keys),
    },
  };
}

/** Keys that are there stay: new ones would shut out all who have the old. */
async function createIn({ kubeconfig }: Flags, secret: Secret): Promise<string> {
  const clients = createKubernetesClients({
    kubeConfig: loadKubeConfig({ file: kubeconfig }),
    product: { name: 'bionas-nats-keys', version: packageJson.version },
    clock: systemClock,
    random: Math.random,
  });
  const { name, namespace } = secret.metadata;
  try {
    await clients.of(SECRETS).create(secret);
    return `made Secret ${namespace}/${name}`;
  } catch (error) {
    if (error instanceof AlreadyExistsError)
      return `Secret ${namespace}/${name} is there, and stays`;
    throw error;
  } finally {
    await clients.close();
  }
}

async function run(flags: Flags): Promise<void> {
  const secret = secretOf(flags);
  const text = flags.create
    ? `${await createIn(flags, secret)}\n`
    : stringify(secret, { lineWidth: 0 });
  process.stdout.write(text);
}

const program = new Command('nats-keys')
  .description("Makes the keys of NATS' auth callout, as a Secret in YAML for kubectl create -f -")
  .option('--name <name>', 'of the Secret', 'bionas-nats-keys')
  .option('--namespace <name>', 'of the Secret', 'default')
  .option('--create', 'make it in the cluster instead, unless it is there', false)
  .option('--kubeconfig <file>', 'kubeconfig (default: $KUBECONFIG, or the Pod it runs in)')
  .action(run);
try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`nats-keys: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}

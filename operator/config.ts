// The operator's settings: flags, each with an environment variable, read once at the start.
import { type Command, InvalidArgumentError, Option } from 'commander';
import { Duration, durationMs } from '../crds/index.ts';
import { TRAINERS } from './adapters/nats/index.ts';
import type { LogLevel } from './adapters/telemetry/index.ts';

export interface OperatorConfig {
  /** Path; absent: $KUBECONFIG, the service account of the Pod, or ~/.kube/config. */
  readonly kubeconfig?: string;
  /** The one namespace to work in; absent: all. */
  readonly namespace?: string;
  readonly nats: string;
  /** Paths: of credentials, of a seed, and of PEMs. */
  readonly natsCreds?: string;
  readonly natsNkey?: string;
  readonly natsCa?: string;
  readonly natsCert?: string;
  readonly natsKey?: string;
  /** Path of the seed that signs what trainers may do; absent: NATS' auth callout is not answered. */
  readonly natsAuthIssuer?: string;
  readonly natsAuthXkey?: string;
  readonly natsAuthAccount: string;
  /** Ms. */
  readonly natsAuthTtl: number;
  readonly natsReplicas: number;
  /** Ms. */
  readonly reportsMaxAge: number;
  /** Ms. */
  readonly duplicateWindow: number;
  readonly trainerImage: string;
  /** Absent: what the image starts by itself. */
  readonly trainerCommand?: string;
  /** NATS as Pods reach it; absent: as the operator does. */
  readonly trainerNats?: string;
  /** Path; absent: as natsCa. */
  readonly trainerNatsCa?: string;
  readonly trainerTemplate?: string;
  readonly leaderElect: boolean;
  readonly leaseNamespace: string;
  readonly healthHost: string;
  readonly healthPort: number;
  readonly qps: number;
  readonly burst: number;
  readonly logLevel: LogLevel;
}

const HELP = `
Watches BioNASSearch and Trial objects, creates trainer Pods and collects what they report over NATS JetStream.
Ends with 0 after SIGTERM or SIGINT, with 1 when a part failed or the lease was lost: start it again then.`;

/** Adds the options of OperatorConfig to a command. */
export function withOperatorOptions(command: Command): Command {
  for (const option of OPTIONS) command.addOption(option);
  return command.addHelpText('after', HELP);
}

const number = (least: number) => (text: string) => {
  const value = Number(text);
  if (text.trim() !== '' && value >= least) return value;
  throw new InvalidArgumentError(`expected a number of at least ${least}, got ${text}`);
};

const duration = (text: string) => {
  if (Duration.safeParse(text).success && durationMs(text) > 0) return durationMs(text);
  throw new InvalidArgumentError(`expected a duration such as 90m or 1h30m, got ${text}`);
};

const setting = (flags: string, description: string): Option => {
  const option = new Option(flags, description);
  const name = option.name().replace(/^no-/, '').replaceAll('-', '_').toUpperCase();
  return option.env(`BIONAS_OPERATOR_${name}`);
};

const OPTIONS: readonly Option[] = [
  setting('--kubeconfig <file>', 'kubeconfig (default: $KUBECONFIG, or the Pod it runs in)'),
  setting('--namespace <name>', 'work in this namespace only (default: all)'),
  setting('--nats <url>', 'NATS with JetStream').default('nats://127.0.0.1:4222'),
  setting('--nats-creds <file>', 'credentials file for NATS (JWT and seed)'),
  setting('--nats-nkey <file>', 'or seed of a user key (SU...) for NATS'),
  setting(
    '--nats-ca <file>',
    'PEM of who signs the certificate of NATS; without TLS it is refused',
  ),
  setting('--nats-cert <file>', 'PEM of a certificate to show to NATS'),
  setting('--nats-key <file>', 'PEM of its key'),
  setting(
    '--nats-auth-issuer <file>',
    "seed of an account key (SA...): answer NATS' auth callout, let each trainer do its trial only",
  ),
  setting('--nats-auth-xkey <file>', "seed of the xkey (SX...) that seals NATS' questions"),
  setting('--nats-auth-account <name>', 'account of NATS that trainers come into').default(
    TRAINERS,
  ),
  setting('--nats-auth-ttl <time>', 'how long a trainer stays in before it is judged anew')
    .default(durationMs('10m'), '10m')
    .argParser(duration),
  setting('--nats-replicas <n>', 'copies of each stream, in a cluster of NATS servers')
    .default(1)
    .argParser(number(1)),
  setting('--reports-max-age <time>', 'how long a report waits for an operator')
    .default(durationMs('168h'), '168h')
    .argParser(duration),
  setting('--duplicate-window <time>', 'within which a report that is sent again is kept once')
    .default(durationMs('2h'), '2h')
    .argParser(duration),
  setting('--trainer-image <image>', 'image of trainer Pods').default('bionas-trainer:latest'),
  setting('--trainer-command <words>', "command in it, split at spaces (default: the image's own)"),
  setting('--trainer-nats <url>', 'NATS as Pods reach it (default: as --nats)'),
  setting('--trainer-nats-ca <file>', 'PEM that Pods are given for it (default: as --nats-ca)'),
  setting(
    '--trainer-template <file>',
    'Pod template (YAML) under every search: volumes, tolerations, ...',
  ),
  setting('--no-leader-elect', 'run without a Lease: only for a single replica'),
  setting('--lease-namespace <name>', 'where the Lease lives').default('default'),
  setting('--health-host <address>', 'where /healthz, /readyz and /metrics listen').default(
    '0.0.0.0',
  ),
  setting('--health-port <port>', '0: any free one').default(8080).argParser(number(0)),
  setting('--qps <n>', 'requests to the API server a second').default(200).argParser(number(1)),
  setting('--burst <n>', 'requests at once before that limit holds')
    .default(400)
    .argParser(number(1)),
  setting('--log-level <level>', 'how much to say')
    .choices(['error', 'info', 'debug'])
    .default('info'),
];

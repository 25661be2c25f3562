// What a user may say of NATS: a small one of the chart's own, or the URL of another.
import { z } from 'zod';
import { image, placement, podSecurityContext, Resources, Size } from './kubernetes.ts';

const issuerRef = z
  .strictObject({
    name: z.string().default('').describe('Its name.'),
    kind: z.enum(['Issuer', 'ClusterIssuer']).default('Issuer').describe('Its kind.'),
    group: z.string().default('cert-manager.io').describe('Its API group.'),
  })
  .prefault({})
  .describe('Who signs, with source cert-manager.');

const tls = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether connections are encrypted.'),
    source: z
      .enum(['self-made', 'cert-manager', 'secret'])
      .default('self-made')
      .describe(
        'self-made: an authority of the chart, kept across upgrades (not where charts are rendered without a cluster, as by Argo CD). secret: tls.crt, tls.key and ca.crt of secretName.',
      ),
    secretName: z.string().default('').describe('Secret of source secret.'),
    days: z.int().min(1).default(3650).describe('How long a self-made certificate is valid.'),
    issuerRef,
  })
  .prefault({})
  .describe("TLS of the chart's NATS.");

const secretFile = (key: string, what: string) =>
  z
    .strictObject({
      secretName: z.string().default('').describe('Secret. Empty: none.'),
      key: z.string().default(key).describe('Key in it.'),
    })
    .prefault({})
    .describe(what);

const external = z
  .strictObject({
    url: z
      .union([
        z.literal(''),
        z.string().regex(/^((nats|tls):\/\/[^@,\s]+)(,(nats|tls):\/\/[^@,\s]+)*$/),
      ])
      .default('')
      .describe('nats://host:port or tls://host:port; several with commas between them.'),
    trainerUrl: z.string().default('').describe('As trainers reach it. Empty: the same.'),
    replicas: z.int().min(1).max(5).default(1).describe('Copies of each stream.'),
    credentials: secretFile('nats.creds', "The operator's credentials file."),
    ca: secretFile(
      'ca.crt',
      'Authority that signed its certificate, where that is not a public one.',
    ),
  })
  .prefault({})
  .describe('NATS 2.11 or later with JetStream and an account of its own, where enabled is false.');

const storage = z
  .strictObject({
    size: Size.default('10Gi').describe('Of the volume of each server, and of its JetStream.'),
    className: z.string().default('').describe("StorageClass. Empty: the cluster's default."),
  })
  .prefault({})
  .describe('Where streams are kept.');

export const Nats = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether the chart runs NATS.'),
    external,
    image: image('nats', '2.12.3', 'With JetStream, 2.11 or later.').describe('Its image.'),
    replicas: z
      .union([z.literal(1), z.literal(3), z.literal(5)])
      .default(1)
      .describe('Servers: 1, 3 or 5. Streams have as many copies.'),
    storage,
    tls,
    config: z.string().default('').describe('Lines of its configuration beside these.'),
    resources: Resources.default({
      requests: { cpu: '100m', memory: '128Mi' },
      limits: { memory: '1Gi' },
    }).describe('Of each server.'),
    ...placement,
    podSecurityContext,
  })
  .prefault({})
  .describe('The bus on which trainers report, and where histories are kept.');

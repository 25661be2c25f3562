// What a user may say of NATS: a small one of the chart's own, or the URL of another.
import { z } from 'zod';
import { Duration } from '../../crds/index.ts';
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
    hosts: z
      .array(z.string())
      .default([])
      .describe('Names in its certificate beside those of its Services.'),
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

const authCallout = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether trainers come in as their Pods.'),
    secretName: z
      .string()
      .default('')
      .describe('Secret with keys (docs/nats.md). Empty: made by a Job of the release, once.'),
    ttl: Duration.default('10m').describe('How long a trainer stays in before it is judged anew.'),
  })
  .prefault({})
  .describe(
    'Each trainer may do its own trial only. It takes a right over the cluster: to create TokenReviews.',
  );

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
    authCallout: z
      .strictObject({
        secretName: z.string().default('').describe('Secret with its keys. Empty: no callout.'),
      })
      .prefault({})
      .describe('Where its administrator has included the auth.conf of docs/nats.md.'),
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
    image: image('nats', '2.15.1', '2.11 or later; this one is tested.').describe('Its image.'),
    replicas: z
      .union([z.literal(1), z.literal(3), z.literal(5)])
      .default(1)
      .describe('Servers: 1, 3 or 5. Streams have as many copies.'),
    storage,
    tls,
    authCallout,
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

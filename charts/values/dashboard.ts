// What a user may say of the dashboard's Pod: who may reach it, what it may show, whether it takes edits.
import { z } from 'zod';
import { placement, podSecurityContext, Resources, serviceAccount } from './kubernetes.ts';

const ledger = z
  .strictObject({
    enabled: z.boolean().default(false).describe('Whether it reads it.'),
    credentials: z
      .strictObject({
        secretName: z.string().default('').describe('Secret. Empty: NATS lets in whoever comes.'),
        key: z.string().min(1).default('nats.creds').describe('Key in it.'),
      })
      .prefault({})
      .describe('Credentials file of a user of NATS who may read the ledger (docs/dashboard.md).'),
  })
  .prefault({})
  .describe('Trials whose objects are gone, beyond spec.history.keep of each search.');

export const Dashboard = z
  .strictObject({
    enabled: z.boolean().default(false).describe('Whether there is one.'),
    allowEdits: z
      .boolean()
      .default(false)
      .describe(
        "Whether the page may suspend searches and change budgets, each by the caller's own token.",
      ),
    hosts: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'Names that it answers to beside its Service, addresses and localhost: those of an ingress.',
      ),
    ledger,
    extraArgs: z.array(z.string()).default([]).describe('Flags beside these.'),
    resources: Resources.default({
      requests: { cpu: '50m', memory: '128Mi' },
      limits: { memory: '512Mi' },
    }).describe('Its memory grows with the trials of the searches that are looked at.'),
    ...placement,
    podSecurityContext,
    serviceAccount: serviceAccount.describe(
      'Under which it asks the API server. It may read, and nothing else.',
    ),
  })
  .prefault({})
  .describe("The dashboard, from the operator's image.");

// The values of the chart bionas: the one source of values.yaml, values.schema.json and the table in its README.
import { z } from 'zod';
import { Dashboard } from './dashboard.ts';
import { Labels, SecretName, Whole } from './kubernetes.ts';
import { Monitoring, NetworkPolicy } from './monitoring.ts';
import { Nats } from './nats.ts';
import { Operator } from './operator.ts';
import { Trainer } from './trainer.ts';

const rbac = z
  .strictObject({
    create: z.boolean().default(true).describe('Whether the chart makes roles and bindings.'),
    aggregate: z
      .boolean()
      .default(true)
      .describe(
        'Whether the cluster roles view, edit and admin speak of searches, too. Not with watchNamespace.',
      ),
  })
  .prefault({})
  .describe('Rights of the operator, and of people.');

export const Values = z.strictObject({
  nameOverride: z.string().default('').describe('In place of the name of the chart.'),
  fullnameOverride: z.string().default('').describe('In place of names made of the release.'),
  commonLabels: Labels.default({}).describe('Labels of everything.'),
  imageRegistry: z.string().default('').describe('Before the names of all images.'),
  imagePullSecrets: z.array(SecretName).default([]).describe('For all images.'),
  watchNamespace: z
    .string()
    .default('')
    .describe('The one namespace whose searches are run, with rights in no other. Empty: all.'),
  searchNamespaces: z
    .array(z.string().min(1))
    .default([])
    .describe(
      "Namespaces that get the trainers' NetworkPolicy and account. Empty: the watched one, or that of the release.",
    ),
  rbac,
  operator: Operator,
  dashboard: Dashboard,
  trainer: Trainer,
  nats: Nats,
  networkPolicy: NetworkPolicy,
  monitoring: Monitoring,
  global: Whole.optional().describe('What Helm hands to charts that are parts of others. Unused.'),
});

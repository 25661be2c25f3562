// What a user may say of the operator's Pods and flags.
import { z } from 'zod';
import { Duration } from '../../crds/index.ts';
import {
  EnvVar,
  image,
  placement,
  podSecurityContext,
  Resources,
  serviceAccount,
  Volume,
  VolumeMount,
} from './kubernetes.ts';

const podDisruptionBudget = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether there is one.'),
    maxUnavailable: z.int().min(1).default(1).describe('Pods that may be away at once.'),
  })
  .prefault({})
  .describe('What draining of nodes leaves of it.');

const flowSchema = z
  .strictObject({
    enabled: z.boolean().default(false).describe('Whether there is one.'),
    priorityLevel: z
      .string()
      .default('workload-high')
      .describe('A PriorityLevelConfiguration of the cluster.'),
    matchingPrecedence: z
      .int()
      .min(1)
      .max(10_000)
      .default(8000)
      .describe('Before that of all service accounts, which is 9000.'),
  })
  .prefault({})
  .describe(
    'Where its requests queue in a busy API server: by default with those of all service accounts.',
  );

export const Operator = z
  .strictObject({
    image: image('bionas-operator', '', "Empty: the chart's appVersion.").describe('Its image.'),
    replicas: z.int().min(1).default(2).describe('Pods; one leads, the others wait warm.'),
    logLevel: z.enum(['error', 'info', 'debug']).default('info').describe('How much it says.'),
    qps: z.number().min(1).default(200).describe('Requests to the API server a second.'),
    burst: z.number().min(1).default(400).describe('Requests at once before that limit holds.'),
    reportsMaxAge: Duration.default('168h').describe('How long a report waits for an operator.'),
    duplicateWindow: Duration.default('2h').describe(
      'Within which a report that is sent again is kept once.',
    ),
    extraArgs: z.array(z.string()).default([]).describe('Flags beside these, such as --x=y.'),
    extraEnv: z.array(EnvVar).default([]).describe('Environment of its container.'),
    extraVolumes: z.array(Volume).default([]).describe('Volumes of its Pods.'),
    extraVolumeMounts: z.array(VolumeMount).default([]).describe('Where they are mounted.'),
    resources: Resources.default({
      requests: { cpu: '100m', memory: '320Mi' },
      limits: { memory: '768Mi' },
    }).describe('Measured: 238 MB at 5,000 trials, 282 MB at 50,000.'),
    ...placement,
    podSecurityContext,
    terminationGracePeriodSeconds: z
      .int()
      .min(0)
      .default(40)
      .describe('It stops within 30 seconds.'),
    serviceAccount: serviceAccount.describe('Under which the operator asks the API server.'),
    podDisruptionBudget,
    flowSchema,
  })
  .prefault({})
  .describe('The operator.');

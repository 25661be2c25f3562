// What a user may say of trainer Pods: the template that lies under that of every search (--trainer-template).
import { z } from 'zod';
import {
  EnvVar,
  image,
  Labels,
  Resources,
  SecretName,
  Toleration,
  Volume,
  VolumeMount,
  Whole,
} from './kubernetes.ts';

const serviceAccount = z
  .strictObject({
    create: z
      .boolean()
      .default(false)
      .describe('Whether the chart makes one in each of searchNamespaces.'),
    name: z
      .string()
      .default('')
      .describe('Its name. Empty: bionas-trainer where it is made, else the default one.'),
    annotations: Labels.default({}).describe('Its annotations.'),
  })
  .prefault({})
  .describe(
    'Under which trainers run. They have no rights, and the API server no token of theirs.',
  );

const dataset = z
  .strictObject({
    claimName: z.string().default('').describe('PersistentVolumeClaim. Empty: none.'),
    mountPath: z.string().regex(/^\//).default('/data').describe('Where it is mounted.'),
  })
  .prefault({})
  .describe(
    'Pictures in a volume of every namespace that searches: spec.dataset.path of a search.',
  );

const priorityClass = z
  .strictObject({
    create: z.boolean().default(false).describe('Whether the chart makes it, of that name.'),
    value: z.int().max(1_000_000_000).default(-100).describe('Its priority.'),
    preemptionPolicy: z
      .enum(['Never', 'PreemptLowerPriority'])
      .default('Never')
      .describe('Whether trainers drive out others.'),
  })
  .prefault({})
  .describe('A PriorityClass of priorityClassName.');

const scratch = z
  .strictObject({
    sizeLimit: z.string().default('').describe('Beyond which a Pod is evicted. Empty: none.'),
    medium: z.enum(['', 'Memory']).default('').describe('Memory: in RAM.'),
  })
  .prefault({})
  .describe('/tmp of trainers, all that they write to.');

export const Trainer = z
  .strictObject({
    image: image('bionas-trainer', '', "Empty: the chart's appVersion.").describe('Its image.'),
    imagePullSecrets: z
      .array(SecretName)
      .default([])
      .describe('Secrets in the namespaces of searches. Empty: those of imagePullSecrets.'),
    command: z.string().default('').describe("In its image. Empty: the operator's default."),
    resources: Resources.default({}).describe(
      'For GPUs { limits: { nvidia.com/gpu: 1 } }, or any other name of a device.',
    ),
    labels: Labels.default({}).describe('Labels of trainer Pods, such as a queue name of Kueue.'),
    annotations: Labels.default({}).describe('Annotations of trainer Pods.'),
    nodeSelector: Labels.default({}).describe('Labels of the nodes that they may run on.'),
    tolerations: z.array(Toleration).default([]).describe('Taints of nodes that they bear.'),
    affinity: Whole.default({}).describe('Affinity of trainer Pods.'),
    runtimeClassName: z.string().default('').describe('RuntimeClass, such as nvidia.'),
    schedulerName: z.string().default('').describe('Scheduler. Empty: the default one.'),
    priorityClassName: z.string().default('').describe('PriorityClass of trainer Pods.'),
    priorityClass,
    env: z.array(EnvVar).default([]).describe('Environment of trainers.'),
    volumes: z.array(Volume).default([]).describe('Volumes of trainer Pods.'),
    volumeMounts: z.array(VolumeMount).default([]).describe('Where they are mounted.'),
    dataset,
    scratch,
    podSecurityContext: Whole.default({}).describe(
      "Of trainer Pods. Empty: the operator's own, which is restricted, with the user of the image.",
    ),
    serviceAccount,
    podSpec: Whole.default({}).describe('Fields of the spec beside these, such as resourceClaims.'),
  })
  .prefault({})
  .describe('Trainer Pods, unless a search says otherwise in spec.trialTemplate.');

// Parts of Kubernetes' own objects that values pass on to what the chart renders. Small ones are checked here, so that a typo is
// refused before anything is installed; large ones are left to the API server.
import { z } from 'zod';

export const Labels = z.record(z.string(), z.string());
const Quantity = z.union([z.string(), z.number()]);

export const Resources = z.strictObject({
  requests: z.record(z.string(), Quantity).optional(),
  limits: z.record(z.string(), Quantity).optional(),
  claims: z.array(z.strictObject({ name: z.string(), request: z.string().optional() })).optional(),
});

export const Toleration = z.strictObject({
  key: z.string().optional(),
  operator: z.enum(['Exists', 'Equal']).optional(),
  value: z.string().optional(),
  effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).optional(),
  tolerationSeconds: z.int().optional(),
});

/** Any object: the API server knows its fields. */
export const Whole = z.looseObject({});

export const EnvVar = z.strictObject({
  name: z.string(),
  value: z.string().optional(),
  valueFrom: Whole.optional(),
});
export const Volume = z.looseObject({ name: z.string() });
export const VolumeMount = z.looseObject({ name: z.string(), mountPath: z.string() });
export const SecretName = z.strictObject({ name: z.string() });

export const Size = z.string().regex(/^[1-9][0-9]*(Mi|Gi|Ti)$/, 'a size such as 10Gi');

/** Where Pods land, said of operator and NATS alike. */
export const placement = {
  nodeSelector: Labels.default({}).describe('Labels of the nodes that it may run on.'),
  tolerations: z.array(Toleration).default([]).describe('Taints of nodes that it bears.'),
  affinity: Whole.default({}).describe('Affinity of its Pods.'),
  topologySpreadConstraints: z
    .array(Whole)
    .default([])
    .describe('How its Pods are spread. Empty: over nodes, where there are enough.'),
  priorityClassName: z.string().default('').describe('PriorityClass of its Pods.'),
  podLabels: Labels.default({}).describe('Labels of its Pods beside the usual ones.'),
  podAnnotations: Labels.default({}).describe('Annotations of its Pods.'),
};

export const image = (repository: string, tag: string, otherwise: string) =>
  z
    .strictObject({
      repository: z.string().min(1).default(repository).describe('Name, without a registry.'),
      tag: z
        .string()
        .min(tag === '' ? 0 : 1)
        .default(tag)
        .describe(`Tag. ${otherwise}`),
      digest: z
        .union([z.literal(''), z.string().regex(/^sha256:[0-9a-f]{64}$/)])
        .default('')
        .describe('sha256:..., which goes before the tag.'),
      pullPolicy: z
        .enum(['IfNotPresent', 'Always', 'Never'])
        .default('IfNotPresent')
        .describe('When it is pulled.'),
    })
    .prefault({});

const NOBODY = 65532;
export const podSecurityContext = Whole.default({
  runAsNonRoot: true,
  runAsUser: NOBODY,
  runAsGroup: NOBODY,
  fsGroup: NOBODY,
  seccompProfile: { type: 'RuntimeDefault' },
}).describe('Of its Pods; Pod Security restricted. On OpenShift set users and groups to null.');

/** Of a Pod that asks the API server; what it is for, says whoever has it. */
export const serviceAccount = z
  .strictObject({
    create: z.boolean().default(true).describe('Whether the chart makes it.'),
    name: z.string().default('').describe('Its name. Empty: that of the release.'),
    annotations: Labels.default({}).describe('Its annotations.'),
  })
  .prefault({});

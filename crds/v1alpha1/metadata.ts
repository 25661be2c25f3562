// The parts of Kubernetes' own types that our objects carry. The API server checks them; we only read what we need.
import { z } from 'zod';
import { Workers } from './workers.ts';

export const OwnerReference = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
  uid: z.string(),
  controller: z.boolean().optional(),
  blockOwnerDeletion: z.boolean().optional(),
});

export const ObjectMeta = z.looseObject({
  name: z
    .string()
    .max(253)
    .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, 'lower-case letters, digits, - and .'),
  namespace: z
    .string()
    .max(63)
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'lower-case letters, digits and -')
    .optional(),
  uid: z.string().optional(),
  resourceVersion: z.string().optional(),
  generation: z.int().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
  ownerReferences: z.array(OwnerReference).optional(),
  finalizers: z.array(z.string()).optional(),
  creationTimestamp: z.string().optional(),
  deletionTimestamp: z.string().optional(),
});

/** Metadata of an object whose name is a label of others as well: labels hold less than names. */
export const namedUpTo = (characters: number) =>
  ObjectMeta.extend({ name: ObjectMeta.shape.name.max(characters) });

/** core/v1 PodTemplateSpec, passed on unchanged. */
export const PodTemplate = z
  .looseObject({ workers: Workers.optional() })
  .meta({ type: 'object', 'x-kubernetes-preserve-unknown-fields': true });

/** Annotation of a search or a Trial that is still being restored from a backup: the operator leaves it alone until it is gone. */
export const RESTORING = 'bionas.dev/restoring';

export const isBeingRestored = ({ metadata }: { readonly metadata: z.infer<typeof ObjectMeta> }) =>
  metadata.annotations?.[RESTORING] !== undefined;

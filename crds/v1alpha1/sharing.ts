// How a search shares devices and a cluster with others.
import { z } from 'zod';

/** Value of spec.managedBy that is as good as none. */
export const OUR_MANAGER = 'bionas.dev/operator';

/** As of batch/v1 Job: a domain, a slash, a path. */
export const ManagedBy = z
  .string()
  .max(63)
  .regex(
    /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?\/[A-Za-z0-9]([-A-Za-z0-9._]*[A-Za-z0-9])?$/,
    'a name below a domain, such as bionas.dev/operator',
  );

export const Sharing = z.object({
  perDevice: z
    .int()
    .min(1)
    .max(64)
    .default(1)
    .describe(
      'Trainers that share a device, by what the template asks for: time slices, a MIG profile, a claim. They then take device memory as they need it, and their time counts as that of a part of a device.',
    ),
});
export type Sharing = z.infer<typeof Sharing>;

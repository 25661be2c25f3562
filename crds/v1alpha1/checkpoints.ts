// Where trainers keep what must outlive them (checkpoints, results, networks), how many checkpoints, and how often.
import { z } from 'zod';

const CheckpointsFields = z.object({
  place: z
    .string()
    .min(1)
    .max(1024)
    .optional()
    .describe(
      'Where trainers keep checkpoints, results and networks: an absolute directory, such as of a mounted PersistentVolumeClaim, or s3://BUCKET/PREFIX. Default: the object store of NATS; of a local run its own directory.',
    ),
  keep: z
    .int()
    .min(1)
    .max(10)
    .default(2)
    .describe(
      'Checkpoints of a trial that are kept: where the last one is damaged, the one before it is taken.',
    ),
  everySeconds: z
    .int()
    .min(1)
    .max(86_400)
    .default(60)
    .describe(
      'Training after which one is made in the middle of an epoch; at the end of each there is one as well. A trainer that is killed loses no more than that.',
    ),
});

export const Checkpoints = CheckpointsFields.meta({
  'x-kubernetes-validations': [
    {
      rule: "!has(self.place) || self.place.matches('^(/[^/].*|s3://[a-z0-9][a-z0-9.-]+[a-z0-9](/.*)?)$')",
      message: 'place must be an absolute directory or s3://BUCKET/PREFIX',
      fieldPath: '.place',
    },
  ],
});
export type Checkpoints = z.infer<typeof Checkpoints>;

/** What holds where nothing is said. */
export const USUAL_CHECKPOINTS: Checkpoints = Checkpoints.parse({});

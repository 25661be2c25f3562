// What a search begins with in place of random networks: genotypes that somebody already believes in.
import { z } from 'zod';

export const WarmStart = z.object({
  genotypes: z
    .array(z.string().min(1).max(2048))
    .min(1)
    .max(50)
    .describe('Texts of networks of the search space, proposed first and in this order.'),
});
export type WarmStart = z.infer<typeof WarmStart>;

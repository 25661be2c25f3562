// What a search begins with in place of random networks: genotypes that somebody already believes in, or that another search found.
import { z } from 'zod';
import { ObjectMeta } from './metadata.ts';

export const WarmStartSearch = z.object({
  name: ObjectMeta.shape.name.max(52).describe('Name of the other search.'),
  namespace: ObjectMeta.shape.namespace.describe(
    'Its namespace; default: that of this search. Of another namespace, RBAC must let the service accounts of this one get it.',
  ),
  take: z
    .enum(['best', 'pareto', 'ledger'])
    .default('best')
    .describe(
      'best: its best networks (status.best). pareto: those that none beats in every objective (status.pareto). ledger: all that it scored, of which the algorithm is told as if it had trained them; none is trained again.',
    ),
  count: z
    .int()
    .min(1)
    .max(20)
    .default(10)
    .describe('Networks to take at most, best first (best, pareto).'),
});
export type WarmStartSearch = z.infer<typeof WarmStartSearch>;

export const WarmStart = z
  .object({
    genotypes: z
      .array(z.string().min(1).max(2048))
      .min(1)
      .max(50)
      .optional()
      .describe('Texts of networks of the search space, proposed first and in this order.'),
    search: WarmStartSearch.optional().describe(
      'Another search, of whose networks some are proposed next. They are taken once, when it has ended, and kept in the ledger of this one.',
    ),
  })
  .meta({
    'x-kubernetes-validations': [
      {
        rule: 'has(self.genotypes) || has(self.search)',
        message: 'warmStart names genotypes, a search, or both',
      },
    ],
  });
export type WarmStart = z.infer<typeof WarmStart>;

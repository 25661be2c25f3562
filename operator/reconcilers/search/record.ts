// What the ledger keeps of a finished trial (design D3): all that is needed to replay the search, rank it and report it,
// long after the Trial object is gone.
import { z } from 'zod';
import { Control, type Trial, TrialResult, TrialStatus } from '../../../crds/index.ts';
import { type Aims, type Scoring, scoreOf } from '../../search/index.ts';

export const TrialRecord = z.object({
  search: z.string().describe('UID of the search.'),
  trial: z.string().describe('UID of the trial.'),
  name: z.string().describe('Name of the trial.'),
  index: z.int().min(0).describe('Place in the search.'),
  purpose: z.enum(['Search', 'Final']).describe('To steer the search, or to be its outcome.'),
  control: Control.optional().describe(
    'Of a final trial that is a control of the network of the same parent.',
  ),
  genotype: z
    .string()
    .describe('Canonical text, as proposed; what a supernet derived is in its result.'),
  parent: z.int().min(0).optional().describe('Index of the trial it was varied from.'),
  variation: z.string().optional().describe('What was varied.'),
  proposedAfter: z.int().min(0).describe('Results known when it was proposed.'),
  seed: z.int().min(0).describe('Seed of the trial.'),
  outcome: z.enum(['Trained', 'Diverged', 'Infeasible', 'Failed']).describe('How it ended.'),
  reason: z.string().describe('One word for programs.'),
  message: z.string().describe('A sentence for people.'),
  objectives: z
    .array(z.number())
    .optional()
    .describe('One value an objective; absent where it failed or was not trained.'),
  violation: z
    .number()
    .gt(0)
    .optional()
    .describe(
      "How far outside of the search's constraints it is: the sum of what is beyond each bound, as a part of the bound; absent where it is feasible.",
    ),
  epochs: z
    .int()
    .min(1)
    .optional()
    .describe('Epochs it was to train at last, where a scheduler pauses trials.'),
  attempts: z.int().min(1).describe('Pods it took.'),
  deviceSeconds: z.number().min(0).describe('Running time of its Pods times devices.'),
  startTime: z.string().optional().describe('First Pod running.'),
  completionTime: z.string().describe('End.'),
  result: TrialResult.optional().describe('What the trainer found.'),
  rebuilt: z
    .literal(true)
    .optional()
    .describe(
      'The ledger had been lost: records stand in the order of their ends as far as known.',
    ),
});
export type TrialRecord = z.infer<typeof TrialRecord>;

/** The network that the trial is about: its own, or the one that its supernet derived. */
export const networkOf = ({ genotype, result }: Pick<TrialRecord, 'genotype' | 'result'>): string =>
  result?.supernet?.genotype ?? genotype;

interface Judged {
  readonly outcome: TrialRecord['outcome'];
  readonly message: string;
  readonly objectives?: number[];
  readonly violation?: number;
}

/** What a record keeps of a score. */
export function kept(scoring: Scoring): Pick<Judged, 'objectives' | 'violation'> {
  if (scoring.kind === 'unscored') return {};
  const { kind: _, ...values } = scoring;
  return 'objectives' in values ? { ...values, objectives: [...values.objectives] } : values;
}

/** A search trial without all objectives has failed; a final one is judged by its test accuracy alone, and held to no constraint. */
function judge({ spec, status }: Trial, { objectives, constraints = [] }: Aims): Judged {
  const end = endCondition(status);
  const message = end?.message ?? '';
  const result = status?.result;
  if (end?.type !== 'Succeeded' || result === undefined) return { outcome: 'Failed', message };
  const final = spec.purpose === 'Final' && result.outcome !== 'Infeasible';
  const scoring = scoreOf(result, { objectives, constraints: final ? [] : constraints });
  if (scoring.kind === 'unscored' && !final) return { outcome: 'Failed', message: scoring.message };
  return { outcome: result.outcome, message, ...kept(scoring) };
}

const endCondition = (status: Trial['status']) =>
  status?.conditions.find(({ type, status: is }) => is === 'True' && type !== 'Running');

const lineage = ({ parent, variation }: Trial['spec']) => ({
  ...(parent === undefined ? {} : { parent }),
  ...(variation === undefined ? {} : { variation }),
});

/** What a record must know of its search. */
export interface RecordOf {
  /** UID. */
  readonly search: string;
  /** What it judges by. */
  readonly aims: Aims;
}

/** The record of a finished Trial. */
export function recordOf(
  { metadata, spec, status = TrialStatus.parse({}) }: Trial,
  { search, aims }: RecordOf,
): TrialRecord {
  const { name, uid = '' } = metadata;
  const { index, purpose, control, genotype, proposedAfter, seed } = spec;
  const { attempt, deviceSeconds, startTime, completionTime = '', result } = status;
  return {
    search,
    trial: uid,
    name,
    index,
    purpose,
    ...(control === undefined ? {} : { control }),
    genotype,
    ...lineage(spec),
    proposedAfter,
    seed,
    ...judge({ metadata, spec, status } as Trial, aims),
    reason: endCondition(status)?.reason ?? 'Unknown',
    ...(spec.fidelity.pause === undefined ? {} : { epochs: spec.fidelity.epochs }),
    attempts: attempt + 1,
    deviceSeconds,
    ...(startTime === undefined ? {} : { startTime }),
    completionTime,
    ...(result === undefined ? {} : { result }),
  };
}

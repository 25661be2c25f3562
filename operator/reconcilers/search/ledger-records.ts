// The records of a search's history in their order: trials that ended, and, where a scheduler pauses trials, what came to a rung
// and what was promoted from there. Together they are all that the engine was ever told (docs/adr/0017).
import { z } from 'zod';
import type { BioNASSearchSpec, Trial } from '../../../crds/index.ts';
import { curveOf, type HistoryEvent, type Outcome, scoreOf } from '../../search/index.ts';
import { kept, type RecordOf, TrialRecord } from './record.ts';

const of = {
  search: TrialRecord.shape.search,
  trial: TrialRecord.shape.trial,
  name: TrialRecord.shape.name,
  index: TrialRecord.shape.index,
  epochs: z.int().min(1).describe('Epochs trained by then.'),
  rebuilt: TrialRecord.shape.rebuilt,
};

/** A trial came to a rung. */
export const PauseRecord = z.object({
  ...of,
  kind: z.literal('pause'),
  genotype: TrialRecord.shape.genotype,
  objectives: z.array(z.number()).optional().describe('One value an objective.'),
  violation: TrialRecord.shape.violation,
  deviceSeconds: TrialRecord.shape.deviceSeconds.optional(),
  completionTime: z.string().describe('When its result came.'),
});
export type PauseRecord = z.infer<typeof PauseRecord>;

/** A trial goes on from a rung: written before its spec says so. */
export const PromotionRecord = z.object({
  ...of,
  kind: z.literal('promotion'),
  completionTime: z.string().describe('When it was decided.'),
});
export type PromotionRecord = z.infer<typeof PromotionRecord>;

/** A trial that failed is to be tried again: written before its network is proposed anew. */
export const AgainRecord = z.object({
  search: of.search,
  name: of.name,
  index: of.index,
  rebuilt: of.rebuilt,
  kind: z.literal('again'),
  completionTime: z.string().describe('When it was taken up.'),
});
export type AgainRecord = z.infer<typeof AgainRecord>;

/** What was taken from another search, before anything was proposed. */
export const WarmStartRecord = z.object({
  search: of.search,
  kind: z.literal('warm-start'),
  from: z
    .object({ name: z.string(), namespace: z.string(), uid: z.string() })
    .describe('The other search.'),
  genotypes: z.array(z.string()).describe('Texts of its networks, in the order of proposing.'),
  told: z
    .array(z.object({ genotype: z.string(), objectives: z.array(z.number()) }))
    .optional()
    .describe('Results of which the algorithm is told before, oldest first.'),
  completionTime: z.string().describe('When they were taken.'),
});
export type WarmStartRecord = z.infer<typeof WarmStartRecord>;

/** What the engine is told of; one without a kind is the end of a trial. */
export type EventRecord = TrialRecord | PauseRecord | PromotionRecord | AgainRecord;
export type LedgerRecord = EventRecord | WarmStartRecord;

const KINDS = {
  pause: PauseRecord,
  promotion: PromotionRecord,
  again: AgainRecord,
  'warm-start': WarmStartRecord,
};

/** The schema that a record, of whatever version, is to be read by. */
export function recordSchema(record: unknown): z.ZodType<LedgerRecord> {
  const kind = kindOf(record);
  if (kind === undefined) return TrialRecord;
  return isKnown(kind) ? KINDS[kind] : ofYounger(kind);
}

/** Whether a younger version wrote it: kinds are added, never changed. */
export function isYounger(record: unknown): boolean {
  const kind = kindOf(record);
  return kind !== undefined && !isKnown(kind);
}

const isKnown = (kind: string): kind is keyof typeof KINDS => Object.hasOwn(KINDS, kind);

function kindOf(record: unknown): string | undefined {
  if (typeof record !== 'object' || record === null || !('kind' in record)) return undefined;
  return typeof record.kind === 'string' ? record.kind : undefined;
}

/** No record of it is read. */
const ofYounger = (kind: string) =>
  z.custom<LedgerRecord>(() => false, {
    message: `expected one of the kinds ${Object.keys(KINDS).join(', ')} or none, got ${kind}, which a younger version of bionas writes: upgrade, and leave the record where it is`,
  });

/** As it is told to the engine, and not what it began with. */
export const isEvent = (record: LedgerRecord): record is EventRecord => !isWarmStart(record);

export const isWarmStart = (record: LedgerRecord): record is WarmStartRecord =>
  'kind' in record && record.kind === 'warm-start';

export const isTrialRecord = (record: LedgerRecord): record is TrialRecord => !('kind' in record);

const nameOf = ({ metadata, spec }: Trial, search: string) => ({
  search,
  trial: metadata.uid ?? '',
  name: metadata.name,
  index: spec.index,
});

export type Rung = NonNullable<NonNullable<Trial['status']>['rungs']>[number];

export function pauseRecord(
  trial: Trial,
  { epochs, time, metrics }: Rung,
  { search, aims }: RecordOf,
): PauseRecord {
  const scoring = scoreOf({ outcome: 'Trained', metrics }, aims);
  return {
    kind: 'pause',
    ...nameOf(trial, search),
    genotype: trial.spec.genotype,
    epochs,
    ...(trial.status === undefined ? {} : { deviceSeconds: trial.status.deviceSeconds }),
    ...kept(scoring),
    completionTime: time,
  };
}

export const promotionRecord = (
  trial: Trial,
  { epochs, time }: Pick<Rung, 'epochs' | 'time'>,
  search: string,
): PromotionRecord => ({
  kind: 'promotion',
  ...nameOf(trial, search),
  epochs,
  completionTime: time,
});

interface Reading {
  readonly spec: Pick<BioNASSearchSpec, 'objectives'>;
  readonly readsCurves: boolean;
}

/** What the engine is told by a record of a search trial. */
export function toEvent(record: EventRecord, reading?: Reading): HistoryEvent {
  const { index } = record;
  if ('kind' in record && record.kind !== 'pause') return { kind: record.kind, index };
  const heard = { index, genotype: record.genotype, outcome: outcomeOf(record) };
  return isTrialRecord(record)
    ? { ...heard, ...curve(record, reading) }
    : { ...heard, kind: 'pause' };
}

function outcomeOf(record: TrialRecord | PauseRecord): Outcome {
  const { objectives, violation } = record;
  if (isTrialRecord(record) && record.outcome === 'Failed') return { kind: 'failed' };
  if (objectives !== undefined)
    return { kind: 'scored', objectives, ...(violation === undefined ? {} : { violation }) };
  return violation === undefined ? { kind: 'failed' } : { kind: 'infeasible', violation };
}

function curve({ result }: TrialRecord, reading: Reading | undefined) {
  if (reading?.readsCurves !== true || result === undefined) return {};
  const [first] = reading.spec.objectives;
  return { curve: curveOf(result.epochs, first?.metric === 'loss' ? 'loss' : 'accuracy') };
}

// Messages that no trainer of ours sends: broken, forged, out of range, for others, or simply too much.
import type { Random } from '../../../operator/search/index.ts';
import { makeResult } from '../../builders/objects.ts';

export interface Lie {
  readonly subject: string;
  readonly data: string | Uint8Array;
}

interface Victim {
  readonly trial: string;
  readonly attempt: number;
  /** Without the kind. */
  readonly subject: string;
}

const perfect = makeResult({ accuracy: 1 });

/** One of each sort, in an order drawn from `random`. None of them may change anything. */
export function lies({ trial, attempt, subject }: Victim, random: Random): Lie[] {
  const report = { trial, attempt, sequence: 0, body: { kind: 'result', result: perfect } };
  const elsewhere = subject.replace(/[^.]+$/, '00000000-0000-4000-8000-000000000000');
  const result = `${subject}.result`;
  const all: Lie[] = [
    { subject: result, data: '' },
    { subject: result, data: 'not JSON' },
    { subject: result, data: Uint8Array.of(0xff, 0xfe, 0x00) },
    { subject: result, data: '[[[[[[' },
    { subject: result, data: JSON.stringify({ ...report, attempt: -1 }) },
    { subject: result, data: JSON.stringify({ ...report, body: { kind: 'promotion' } }) },
    { subject: result, data: JSON.stringify({ ...report, trial: 'x'.repeat(10_000) }) },
    { subject: result, data: JSON.stringify(withAccuracy(report, 7)) },
    { subject: result, data: JSON.stringify(withAccuracy(report, '1')) },
    // Speaks for this trial on the subject of another, and the other way round.
    { subject: `${elsewhere}.result`, data: JSON.stringify(report) },
    { subject: result, data: JSON.stringify({ ...report, trial: elsewhere.split('.').at(-1) }) },
    {
      subject: `${elsewhere}.failure`,
      data: JSON.stringify(failure('00000000-0000-4000-8000-000000000000')),
    },
    // An attempt that is not the current one has nothing to say about its failure.
    {
      subject: `${subject}.failure`,
      data: JSON.stringify({ ...failure(trial), attempt: attempt + 7 }),
    },
  ];
  return all
    .map((lie) => ({ lie, place: random.uniform() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ lie }) => lie);
}

const withAccuracy = (report: object, accuracy: unknown) => ({
  ...report,
  body: { kind: 'result', result: { ...perfect, metrics: { ...perfect.metrics, accuracy } } },
});

const failure = (trial: string) => ({
  trial,
  attempt: 0,
  sequence: 0,
  body: { kind: 'failure', reason: 'TrainerFailed', message: 'a lie' },
});

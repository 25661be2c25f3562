// A trial as an event file: its scalars by epoch, and what it was made of for the hparams plugin. Pure.
import type { ResultTrial } from '../../result/index.ts';
import { hasEnded } from '../../trials/index.ts';
import { trialParameters } from '../trial-parameters.ts';
import { trialScalars } from '../trial-scalars.ts';
import { type EventMessage, encodeEvent, hparamsSummary } from './event-messages.ts';
import { recordFile } from './record-file.ts';

/** Of the plugin: success, failure, running. */
const STATUS = { success: 1, failure: 2, running: 3 } as const;

export function eventFile(trial: ResultTrial): Uint8Array {
  const scalars = trialScalars(trial).map(({ name: tag, value, step, time }) => ({
    wallTime: time / 1000,
    step,
    summary: { value: [{ tag, simpleValue: value }] },
  }));
  const start = secondsOf(trial.startTime);
  const end = scalars.at(-1)?.wallTime ?? start;
  const events: EventMessage[] = [
    { wallTime: start, fileVersion: 'brain.Event:2' },
    hparams(start, 'session_start_info', {
      sessionStartInfo: { hparams: hparamsOf(trial), startTimeSecs: start },
    }),
    ...scalars,
    hparams(end, 'session_end_info', {
      sessionEndInfo: { status: statusOf(trial), endTimeSecs: end },
    }),
  ];
  return recordFile(events.map(encodeEvent));
}

const secondsOf = (time: string | undefined): number => (Date.parse(time ?? '') || 0) / 1000;

const hparams = (wallTime: number, tag: string, data: object): EventMessage => ({
  wallTime,
  summary: { value: [hparamsSummary(tag, data)] },
});

const hparamsOf = (trial: ResultTrial) =>
  Object.fromEntries(
    Object.entries(trialParameters(trial)).map(([name, value]) => [name, { stringValue: value }]),
  );

function statusOf({ state }: ResultTrial): number {
  if (!hasEnded(state)) return STATUS.running;
  return state === 'Trained' ? STATUS.success : STATUS.failure;
}

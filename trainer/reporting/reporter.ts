// Numbers the reports of one attempt and sends them: progress may get lost, results and failures may not.
import type { Report, TrialResult } from '../../crds/index.ts';
import type { Listener } from '../training/index.ts';

/** The way to whoever asked for the trial. */
export interface ReportBus {
  /** Resolves when the report has been handed over; rejects when it cannot be. */
  send(report: Report): Promise<void>;
}

export interface Reporter extends Listener {
  result(result: TrialResult): Promise<void>;
  failure(reason: FailureReason, message: string): Promise<void>;
}

type Body = Report['body'];
export type FailureReason = Extract<Body, { kind: 'failure' }>['reason'];

export function createReporter(
  bus: ReportBus,
  { trial, attempt }: { trial: string; attempt: number },
): Reporter {
  let sequence = 0;
  const send = (body: Body) => bus.send({ trial, attempt, sequence: sequence++, body });
  const lossy = (body: Body) => void send(body).catch(() => undefined);
  return {
    progress: (progress) => lossy({ kind: 'progress', progress }),
    epoch: (metrics, progress) => lossy({ kind: 'epoch', metrics, progress }),
    result: (result) => send({ kind: 'result', result }),
    failure: (reason, message) => send({ kind: 'failure', reason, message }),
  };
}

/** What is the first worker's to tell is not told twice. */
export const failuresOnly = ({ failure }: Reporter): Reporter => ({
  progress: () => {},
  epoch: () => {},
  result: async () => {},
  failure,
});

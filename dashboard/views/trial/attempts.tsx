// The Pods that a trial took, and the last that each wrote, which is kept when the Pod is gone.
import { useState } from 'preact/hooks';
import type { AttemptView } from '../../api.ts';
import { getLog, useAnswer } from '../../connection/index.ts';
import { Card, DataTable, Note, type TableColumn } from '../../parts/index.ts';
import type { SearchKey } from '../../route/index.ts';

interface AttemptsProps {
  readonly known: SearchKey;
  readonly trial: string;
  readonly attempts: readonly AttemptView[];
}

/** Bytes of a log's end. */
const TAIL = 32_768;

/** An attempt's worker as an address of its log. */
const placeOf = ({ attempt, worker = 0 }: AttemptView): string => `${attempt} ${worker}`;

export function Attempts({ known, trial, attempts }: AttemptsProps) {
  const [wanted, setWanted] = useState<string>();
  // The last attempt's first worker speaks for it.
  const logs = attempts.filter(({ hasLog }) => hasLog);
  const chosen =
    logs.find((each) => placeOf(each) === wanted) ??
    logs.findLast(({ worker }) => worker === undefined) ??
    logs.at(-1);
  return (
    <Card title="Attempts" wide>
      {() => (
        <>
          {attempts.length === 0 ? (
            <Note>None has started.</Note>
          ) : (
            <DataTable
              label="Attempts"
              columns={columnsOf(attempts, chosen, (attempt) => setWanted(placeOf(attempt)))}
              rows={attempts}
              keyOf={placeOf}
            />
          )}
          {chosen === undefined ? undefined : (
            <Log key={placeOf(chosen)} known={known} trial={trial} of={chosen} />
          )}
        </>
      )}
    </Card>
  );
}

const columnsOf = (
  attempts: readonly AttemptView[],
  chosen: AttemptView | undefined,
  onChoose: (attempt: AttemptView) => void,
): readonly TableColumn<AttemptView>[] => [
  { title: 'attempt', number: true, of: ({ attempt }) => attempt },
  ...(attempts.some(({ worker }) => worker !== undefined) ? [WORKER] : []),
  { title: 'Pod', of: ({ pod }) => pod },
  { title: 'phase', of: ({ phase }) => phase ?? '' },
  { title: 'node', wide: true, of: ({ node }) => node ?? '' },
  { title: 'reason', of: ({ reason, message }) => reason ?? message ?? '' },
  { title: 'exit code', number: true, wide: true, of: ({ exitCode }) => exitCode ?? '' },
  {
    title: 'log',
    of: (attempt) =>
      attempt.hasLog ? (
        <button
          type="button"
          aria-pressed={chosen !== undefined && placeOf(attempt) === placeOf(chosen)}
          onClick={() => onChoose(attempt)}
        >
          show
        </button>
      ) : (
        'none kept'
      ),
  },
];

const WORKER: TableColumn<AttemptView> = {
  title: 'worker',
  number: true,
  of: ({ worker = 0 }) => worker,
};

function Log({ known, trial, of }: Omit<AttemptsProps, 'attempts'> & { of: AttemptView }) {
  const { attempt, worker = 0 } = of;
  const [asked, setAsked] = useState(0);
  const { value, problem } = useAnswer(
    (signal) => getLog(known, { trial, attempt, worker, tail: TAIL }, signal),
    [trial, attempt, worker, asked],
  );
  return (
    <>
      {problem === undefined ? undefined : (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <pre class="log" tabIndex={0} aria-label={`The end of the log of ${of.pod}`} role="region">
        {value === '' ? 'It has written nothing.' : (value ?? 'Loading …')}
      </pre>
      <p class="note under">
        <button type="button" onClick={() => setAsked(asked + 1)}>
          read again
        </button>
      </p>
    </>
  );
}

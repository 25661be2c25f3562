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

export function Attempts({ known, trial, attempts }: AttemptsProps) {
  const latest = attempts.findLast(({ hasLog }) => hasLog)?.attempt;
  const [chosen = latest, setChosen] = useState<number>();
  return (
    <Card title="Attempts" wide>
      {() => (
        <>
          {attempts.length === 0 ? (
            <Note>None has started.</Note>
          ) : (
            <DataTable
              label="Attempts"
              columns={columnsOf(chosen, setChosen)}
              rows={attempts}
              keyOf={({ attempt }) => String(attempt)}
            />
          )}
          {chosen === undefined ? undefined : (
            <Log key={chosen} known={known} trial={trial} attempt={chosen} />
          )}
        </>
      )}
    </Card>
  );
}

const columnsOf = (
  chosen: number | undefined,
  onChoose: (attempt: number) => void,
): readonly TableColumn<AttemptView>[] => [
  { title: 'attempt', number: true, of: ({ attempt }) => attempt },
  { title: 'Pod', of: ({ pod }) => pod },
  { title: 'phase', of: ({ phase }) => phase ?? '' },
  { title: 'node', wide: true, of: ({ node }) => node ?? '' },
  { title: 'reason', of: ({ reason, message }) => reason ?? message ?? '' },
  { title: 'exit code', number: true, wide: true, of: ({ exitCode }) => exitCode ?? '' },
  {
    title: 'log',
    of: ({ attempt, hasLog }) =>
      hasLog ? (
        <button type="button" aria-pressed={attempt === chosen} onClick={() => onChoose(attempt)}>
          show
        </button>
      ) : (
        'none kept'
      ),
  },
];

function Log({ known, trial, attempt }: Omit<AttemptsProps, 'attempts'> & { attempt: number }) {
  const [asked, setAsked] = useState(0);
  const { value, problem } = useAnswer(
    (signal) => getLog(known, { trial, attempt, tail: TAIL }, signal),
    [trial, attempt, asked],
  );
  return (
    <>
      {problem === undefined ? undefined : (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <pre
        class="log"
        tabIndex={0}
        aria-label={`The end of the log of attempt ${attempt}`}
        role="region"
      >
        {value ?? 'Loading …'}
      </pre>
      <p class="note under">
        <button type="button" onClick={() => setAsked(asked + 1)}>
          read again
        </button>
      </p>
    </>
  );
}

// What may change of a search that runs, where the server takes edits: suspend, resume, and how many trials it may have.
import { useState } from 'preact/hooks';
import type { SearchEdit, SearchView } from '../../api.ts';
import { editSearch, problemOf } from '../../connection/index.ts';

interface ControlsProps {
  readonly view: SearchView;
  readonly onChange: (view: SearchView) => void;
}

export function Controls({ view, onChange }: ControlsProps) {
  const [problem, setProblem] = useState('');
  const edit = (change: SearchEdit) =>
    editSearch(view, change).then(
      (next) => {
        setProblem('');
        onChange(next);
      },
      (cause: unknown) => setProblem(problemOf(cause)),
    );
  const { suspend } = view.object.spec;
  if (view.completionTime !== undefined) return null;
  return (
    <div class="controls">
      <button type="button" onClick={() => void edit({ suspend: !suspend })}>
        {suspend ? 'Resume' : 'Suspend'}
      </button>
      <Budget key={view.budget.trials} view={view} onEdit={edit} />
      <span role="alert" class="problem">
        {problem}
      </span>
    </div>
  );
}

interface BudgetProps {
  readonly view: SearchView;
  readonly onEdit: (edit: SearchEdit) => Promise<void>;
}

function Budget({ view: { budget }, onEdit }: BudgetProps) {
  const [trials, setTrials] = useState(String(budget.trials));
  const [hours, setHours] = useState(String(budget.gpuHours));
  const save = (event: Event) => {
    event.preventDefault();
    void onEdit({ budget: { trials: Number(trials), gpuHours: Number(hours) } });
  };
  return (
    <details class="budget">
      <summary>Budget</summary>
      <form onSubmit={save}>
        <Amount label="trials" step="1" value={trials} onChange={setTrials} />
        <Amount label="GPU hours (0: no limit)" step="any" value={hours} onChange={setHours} />
        <button type="submit">Set</button>
      </form>
    </details>
  );
}

interface AmountProps {
  readonly label: string;
  readonly step: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

const Amount = ({ label, step, value, onChange }: AmountProps) => (
  <label>
    {label}
    <input
      type="number"
      min="0"
      step={step}
      required
      value={value}
      onInput={(event) => onChange(event.currentTarget.value)}
    />
  </label>
);

// What a search may spend, to be set anew.
import { useState } from 'preact/hooks';
import type { SearchEdit, SearchView } from '../../api.ts';

interface BudgetProps {
  readonly view: SearchView;
  readonly onEdit: (edit: SearchEdit) => Promise<void>;
}

export function Budget({ view: { budget }, onEdit }: BudgetProps) {
  const [trials, setTrials] = useState(String(budget.trials));
  const [hours, setHours] = useState(String(budget.gpuHours));
  const save = (event: Event) => {
    event.preventDefault();
    // What was left alone is left alone: another may have changed it.
    void onEdit({
      budget: {
        ...(Number(trials) === budget.trials ? {} : { trials: Number(trials) }),
        ...(Number(hours) === budget.gpuHours ? {} : { gpuHours: Number(hours) }),
      },
    });
  };
  return (
    <details class="budget">
      <summary>Budget</summary>
      <form onSubmit={save}>
        <Amount label="trials" least="1" step="1" value={trials} onChange={setTrials} />
        <Amount
          label="GPU hours (0: no limit)"
          least="0"
          step="any"
          value={hours}
          onChange={setHours}
        />
        <button type="submit">Set</button>
      </form>
    </details>
  );
}

interface AmountProps {
  readonly label: string;
  readonly least: string;
  readonly step: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

const Amount = ({ label, least, step, value, onChange }: AmountProps) => (
  <label>
    {label}
    <input
      type="number"
      min={least}
      step={step}
      required
      value={value}
      onInput={(event) => onChange(event.currentTarget.value)}
    />
  </label>
);

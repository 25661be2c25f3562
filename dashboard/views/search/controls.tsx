// What may change of a search that runs, where the server takes edits: suspend, resume, and how much it may spend.
import { useState } from 'preact/hooks';
import type { SearchEdit, SearchView } from '../../api.ts';
import { addressToken, editSearch, problemOf } from '../../connection/index.ts';
import { Budget } from './budget.tsx';

interface ControlsProps {
  readonly view: SearchView;
  readonly onChange: (view: SearchView) => void;
}

export function Controls({ view, onChange }: ControlsProps) {
  const [problem, setProblem] = useState('');
  const [token, setToken] = useState(view.token === 'caller' ? '' : addressToken());
  if (view.completionTime !== undefined) return null;
  const edit = (change: SearchEdit) =>
    editSearch(view, change, token).then(
      (next) => {
        setProblem('');
        onChange(next);
      },
      (cause: unknown) => setProblem(problemOf(cause)),
    );
  const { suspend } = view.object.spec;
  return (
    <div class="controls">
      {view.token === 'caller' ? <TokenBox token={token} onChange={setToken} /> : undefined}
      <button
        type="button"
        disabled={token === ''}
        onClick={() => void edit({ suspend: !suspend })}
      >
        {suspend ? 'Resume' : 'Suspend'}
      </button>
      <Budget key={`${view.budget.trials} ${view.budget.gpuHours}`} view={view} onEdit={edit} />
      {token === '' && view.token === 'address' ? (
        <span class="note">to edit, open the address that bionas has printed</span>
      ) : undefined}
      <span role="alert" class="problem">
        {problem}
      </span>
    </div>
  );
}

/** Of whoever edits, for the API server; it is kept nowhere. */
const TokenBox = ({ token, onChange }: { token: string; onChange: (token: string) => void }) => (
  <label class="token">
    <span class="hidden">Token for the API server, to edit</span>
    <input
      type="password"
      autocomplete="off"
      placeholder="token, to edit"
      value={token}
      onInput={(event) => onChange(event.currentTarget.value.trim())}
    />
  </label>
);

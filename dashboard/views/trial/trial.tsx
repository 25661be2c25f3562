// One trial: the network it is, how it learned, what became of it, and its files.
import type { TrialView } from '../../api.ts';
import { Network } from '../../charts/index.ts';
import { getTrial, useAnswer } from '../../connection/index.ts';
import { Card, Note, YamlCard } from '../../parts/index.ts';
import type { Known } from '../search/known.ts';
import { Attempts } from './attempts.tsx';
import { EpochCards } from './epoch-cards.tsx';
import { Facts } from './facts.tsx';
import { Files } from './files.tsx';
import { LayerCards } from './layer-cards.tsx';
import { Robustness } from './robustness.tsx';

interface TrialProps {
  readonly known: Known;
  readonly name: string;
}

/** Asked again whenever its row changes. */
export function useTrial({ known, name }: TrialProps) {
  const row = known.table.trials[known.table.places.get(name) ?? -1];
  return useAnswer(
    (signal) => getTrial(known, name, signal),
    [known.namespace, known.name, name, row],
  );
}

export function Trial(props: TrialProps) {
  const { value, problem } = useTrial(props);
  if (value === undefined)
    return problem === undefined ? (
      <Note>Loading …</Note>
    ) : (
      <p class="problem" role="alert">
        {problem}
      </p>
    );
  return <TrialCards view={value} known={props.known} />;
}

function TrialCards({ view, known }: { view: TrialView; known: Known }) {
  const { trial, yaml, diagrams, layers, attempts, files, row } = view;
  return (
    <>
      <Facts view={view} known={known} />
      <div class="cards">
        <Card title="Network" wide>
          {() => (
            <>
              <Network diagrams={diagrams} />
              <p class="genotype">
                <code>{trial.genotype}</code>
              </p>
            </>
          )}
        </Card>
        <EpochCards epochs={trial.epochs} />
        <LayerCards layers={layers} alignment={trial.alignment ?? []} />
        {trial.robustness === undefined ? undefined : <Robustness robustness={trial.robustness} />}
        <Attempts known={known} trial={row.name} attempts={attempts} />
        <Files known={known} trial={row.name} files={files} />
        <YamlCard title="Object" text={yaml} />
      </div>
    </>
  );
}

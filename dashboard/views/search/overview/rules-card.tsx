// Learning rules of the networks that a search tried, as it went on.
import { useMemo } from 'preact/hooks';
import { RuleShares } from '../../../charts/index.ts';
import { ruleWindows } from '../../../figures/index.ts';
import { Card, Note } from '../../../parts/index.ts';
import type { Known } from '../known.ts';

export const RulesCard = ({ known }: { known: Known }) => (
  <Card title="Learning rules as the search goes on" height={290}>
    {() => <Rules known={known} />}
  </Card>
);

function Rules({ known: { rows, view } }: { known: Known }) {
  const rules = view.object.spec.searchSpace.learningRules;
  const windows = useMemo(() => ruleWindows(rows, rules.length), [rows, rules]);
  return windows.windows.length === 0 ? (
    <Note>Drawn from five trials on.</Note>
  ) : (
    <RuleShares rules={rules} windows={windows} />
  );
}

// What the search was asked for: its object, as the server has it.
import { Card } from '../../parts/index.ts';
import type { Known } from './known.ts';

export function Settings({ known: { view } }: { known: Known }) {
  const { spec, metadata } = view.object;
  return (
    <Card title="spec, defaults filled in" wide>
      {() => (
        <pre tabIndex={0}>
          {JSON.stringify({ uid: metadata.uid, labels: metadata.labels, spec }, undefined, 2)}
        </pre>
      )}
    </Card>
  );
}

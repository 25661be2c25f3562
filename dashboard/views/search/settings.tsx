// What the search was asked for, as a manifest that asks for it again.
import { YamlCard } from '../../parts/index.ts';
import type { Known } from './known.ts';

export const Settings = ({ known: { view } }: { known: Known }) => (
  <YamlCard title="Manifest, with defaults filled in" text={view.yaml} />
);

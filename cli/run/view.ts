// How a run is shown: one interface, a file a member (table-view for terminals, line-view elsewhere, json-view for programs).
import type { Snapshot } from './snapshot.ts';
import type { Ending } from './summary.ts';

export interface View {
  /** Called a few times a second. */
  update(snapshot: Snapshot): void;
  /** A line that stays, above whatever is live. */
  note(line: string): void;
  /** What came of it; nothing is live any more. */
  end(ending: Ending): void;
  /** Leaves the terminal as it was found. Called on every way out, perhaps more than once. */
  close(): void;
}

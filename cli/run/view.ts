// How a run is shown: one interface, a file a member (table-view for terminals, line-view elsewhere, json-view for programs).
import type { Snapshot } from './snapshot.ts';

export interface View {
  /** Called a few times a second. */
  update(snapshot: Snapshot): void;
  /** A line that stays, above whatever is live. */
  note(line: string): void;
  /** Leaves the terminal as it was found. */
  close(): void;
}

// What the dashboard's server is made of.
import type { Clock, Logger } from '../../operator/runtime/index.ts';
import type { Editing } from './edits.ts';
import type { PageFiles } from './page.ts';
import type { Searches } from './searches.ts';

export interface Parts {
  readonly searches: Searches;
  readonly page: PageFiles;
  /** Names that it answers to beside addresses and localhost. */
  readonly hosts: readonly string[];
  /** undefined: it only shows. */
  readonly editing: Editing | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Ends all streams. */
  readonly signal: AbortSignal;
}

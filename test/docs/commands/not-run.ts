// Commands that are not run as the page says them, and why. A row goes with its command (accounted.test.ts).
import { NOT_RUN_HERE } from './not-run-here.ts';
import { NOT_RUN_ON_CLUSTERS } from './not-run-on-clusters.ts';

export interface NotRun {
  readonly page: string;
  readonly why: string;
  /** What does the same. */
  readonly test?: string;
  readonly commands: readonly string[];
}

export const NOT_RUN: readonly NotRun[] = [...NOT_RUN_HERE, ...NOT_RUN_ON_CLUSTERS];

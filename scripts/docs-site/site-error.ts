// What is wrong with the pages, all at once: each problem says where, what was found and what to do.
import { nearestName } from '../../crds/index.ts';

export interface Problem {
  /** `docs/rules.md:12`, or a file alone. */
  readonly where: string;
  readonly what: string;
}

export class SiteError extends Error {
  override readonly name = 'SiteError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ where, what }) => `${where}: ${what}`).join('\n'));
    this.problems = problems;
  }
}

/** What may have been meant, behind a name that is not there; empty where nothing is near. */
export function nearestHint(name: string, names: Iterable<string>): string {
  const nearest = nearestName(name, names);
  return nearest === undefined ? '' : `; did you mean ${nearest}?`;
}

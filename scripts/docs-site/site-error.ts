// What is wrong with the pages, all at once: each problem says where, what was found and what to do.

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

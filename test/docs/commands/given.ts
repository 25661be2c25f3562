// What a page leaves to its reader: what is there before a command, and what stands for the names, numbers and ports in it.
import type { Command } from './extract.ts';
import { GIVEN_ON_CLUSTERS } from './given-on-clusters.ts';
import { named } from './pages.ts';

export interface Given {
  /** All pages where none is named. */
  readonly page?: string;
  readonly command: RegExp;
  /** Done before, in the page's shell. */
  readonly before?: string;
  /** In the place of what `command` matches. */
  readonly as?: string;
  /** So many lines of the output that the page shows are always printed. */
  readonly lines?: number;
}

const UNFINISHED = 'rm -rf runs/night && cp -r "$UNFINISHED" runs/night';

const fewer = (file: string): string => `sed -i 's/trials: .*/trials: 2/' ${file}`;

/** In their order: a later one finds what an earlier one has put there. */
export const GIVEN: readonly Given[] = [
  ...GIVEN_ON_CLUSTERS,
  { command: /^(?:kubectl |bin\/)?bionas dashboard.*$/, as: 'until_ctrl_c $&' },
  { command: / --port 9000$/, as: ' --port 0' },
  { command: /(?<=quickstart) 12\b/, as: ' 4' },
  { command: / --attempt 1$/, as: ' --attempt 0' },
  {
    command: /^bionas (?:suspend|budget) runs\/night|^bionas dashboard runs\/night/,
    before: UNFINISHED,
  },
  {
    command: /^bionas export table runs\/night$|^bionas support-bundle runs\/night/,
    before: 'rm -rf runs/night && cp -r runs/quickstart runs/night',
  },
  {
    page: 'docs/dashboard.md',
    command: /(?<=^curl -s )localhost:8080(?=\/api\/searches$)/,
    before: 'serve bionas dashboard --port 0',
  },
  { command: /(?<=^curl -s )localhost:8080/, as: '"$url"' },
  { command: /^curl -sN localhost:8080(.*)$/, as: 'curl -sN --max-time 120 "$url"$1 | head -n 1' },
  {
    page: 'docs/debug-step.md',
    command: /^bionas debug step trial.json/,
    before: 'cp runs/quickstart/objects/trials.bionas.dev/default/quickstart-0000.json trial.json',
  },
  {
    page: 'docs/executors.md',
    command: /--executor onnx$/,
    before: `rm -r runs/quickstart && sed -i 's/trials: .*/trials: 2/; s/topK: .*/topK: 0/' examples/quickstart.yaml`,
  },
  { command: /^bin\/bionas run (?:first|pets)\.yaml$/, before: fewer('*.yaml') },
  { command: /weak-claims\.yaml$/, before: fewer('examples/paper/weak-claims.yaml') },
  {
    // Networks of DARTS take long to build; what the page has was validated before.
    page: 'docs/how-to/own-dataset.md',
    command: /^bin\/bionas plan pets\.yaml$/,
    before: `sed -i 's/kind: darts/kind: nb201/; s/cells: .*/cells: 1/' pets.yaml`,
  },
  { page: 'docs/how-to/debug.md', command: /night-0003/, as: 'quickstart-0003' },
  { command: /^bin\/bionas plan /, as: '$&--networks 1 --seconds 1 ' },
  // Whose rows begin alike, and end by what was found.
  { page: 'docs/quickstart.md', command: /^bin\/bionas (?:top|lineage) /, lines: 1 },
  { page: 'docs/planning.md', command: /$/, as: ' --networks 1 --seconds 1' },
];

export const givenFor = (command: Command): Given[] =>
  GIVEN.filter(
    ({ page, command: pattern }) =>
      (page === undefined || page === command.page) && named(command).search(pattern) >= 0,
  );

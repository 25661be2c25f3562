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
  /** Of the output that the page shows its first line alone is always printed. */
  readonly firstLineOnly?: boolean;
}

/** A block of a page, ```yaml NAME, as the file of that name. */
const written = (page: string, name: string): string =>
  `sed -n '/^\`\`\`yaml ${name}$/,/^\`\`\`$/{//!p}' ${page} > ${name}`;

/** Two classes in folders, few and small. */
const PHOTOGRAPHS = `node -e "
  const [sharp, { mkdirSync }] = [require('sharp'), require('node:fs')];
  for (const [part, count] of [['train', 6], ['val', 2]])
    for (const [k, name] of ['cat', 'dog'].entries()) {
      mkdirSync('pets/' + part + '/' + name, { recursive: true });
      for (let i = 0; i < count; i++)
        sharp({ create: { width: 40 + i, height: 30, channels: 3, background: { r: 100 * k, g: 9 * i, b: 7 } } })
          .jpeg().toFile('pets/' + part + '/' + name + '/' + i + '.jpg');
    }"`;

const UNFINISHED = 'rm -rf runs/night && cp -r "$UNFINISHED" runs/night';

/** In their order: a later one finds what an earlier one has put there. */
export const GIVEN: readonly Given[] = [
  ...GIVEN_ON_CLUSTERS,
  { command: /^(?:kubectl )?bionas dashboard.*$/, as: 'until_ctrl_c $&' },
  { command: / --port 9000$/, as: ' --port 0' },
  { command: /(?<=[ /]quickstart) 12\b/, as: ' 4' },
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
  { command: /^curl -sN localhost:8080(.*)$/, as: 'curl -sN "$url"$1 | head -n 1' },
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
  {
    page: 'docs/quickstart.md',
    command: /^bionas (?:top|lineage) /,
    firstLineOnly: true,
  },
  {
    page: 'docs/quickstart.md',
    command: /^bionas validate first.yaml$/,
    before: `${written('docs/quickstart.md', 'first.yaml')} && sed -i 's/trainPictures: .*/trainPictures: 200, validationPictures: 100 }/; s/trials: .*/trials: 2 }/; s/epochs: 2/epochs: 1/; s/seeds: 2/seeds: 1/; s/startup: 6/startup: 1/; s/BP, FA\\] }/BP] }/' first.yaml`,
  },
  {
    page: 'docs/how-to/own-dataset.md',
    command: /^bionas validate pets.yaml$/,
    before: `${written('docs/how-to/own-dataset.md', 'pets.yaml')} && ${PHOTOGRAPHS}`,
  },
  { page: 'docs/how-to/own-dataset.md', command: /(?<= )\/data(?=\/pets)/g, as: '.' },
  {
    page: 'docs/how-to/gpu-cluster.md',
    command: /^bionas validate gpu.yaml$/,
    before: written('docs/how-to/gpu-cluster.md', 'gpu.yaml'),
  },
  {
    page: 'docs/how-to/debug.md',
    command: /^bionas status$/,
    before: 'rm -rf runs/night && cp -r runs/quickstart runs/night',
  },
  {
    page: 'docs/how-to/debug.md',
    command: /night-0003/,
    before: 'rm -rf runs/night && cp -r runs/quickstart runs/night',
    as: 'quickstart-0003',
  },
  { page: 'docs/planning.md', command: /$/, as: ' --networks 1 --seconds 1' },
];

export const givenFor = (command: Command): Given[] =>
  GIVEN.filter(
    ({ page, command: pattern }) =>
      (page === undefined || page === command.page) && named(command).search(pattern) >= 0,
  );

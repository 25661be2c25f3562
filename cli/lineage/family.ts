// Who was varied from whom: the trials of a search as a forest, or the line of ancestors of one. Pure; loops in place of recursion,
// for lines may be thousands long.
import type { BioNASSearchSpec } from '../../crds/index.ts';
import type { Column, Listing } from '../output/index.ts';
import type { ResultTrial } from '../result/index.ts';
import { NETWORK, objectiveColumns, STATE, trialObjectName } from '../trials/index.ts';

/** A trial in its place in the forest. */
export interface Relative {
  readonly trial: ResultTrial;
  /** What is drawn before its name: `│  └─ `. */
  readonly branch: string;
}

/** Every trial once, parents before their children, children by index. Finals are children of what they train anew. */
export function forest(trials: readonly ResultTrial[]): Relative[] {
  const there = new Set(trials.map(({ index }) => index));
  const isRoot = ({ parent, index }: ResultTrial) =>
    parent === undefined || parent >= index || !there.has(parent);
  const children = Map.groupBy(
    trials.filter((trial) => !isRoot(trial)),
    ({ parent }) => parent,
  );
  const relatives: Relative[] = [];
  const open = trials
    .filter(isRoot)
    .map((trial) => ({ trial, branch: '', below: '' }))
    .toReversed();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { trial, branch, below } = next;
    relatives.push({ trial, branch });
    const own = children.get(trial.index) ?? [];
    const placed = own.map((child, k) => {
      const isLast = k === own.length - 1;
      const end = isLast ? '└─ ' : '├─ ';
      return { trial: child, branch: below + end, below: deeper(below, isLast) };
    });
    open.push(...placed.toReversed());
  }
  return relatives;
}

/** Levels that are drawn: whoever is further down stands below the last of them. */
const DRAWN = 20;

const deeper = (below: string, isLast: boolean): string =>
  below.length >= 3 * DRAWN ? below : below + (isLast ? '   ' : '│  ');

/** From the first ancestor that is known to the trial itself. */
export function ancestry(trial: ResultTrial, trials: readonly ResultTrial[]): Relative[] {
  const byIndex = new Map(trials.map((each) => [each.index, each]));
  const line = [trial];
  for (
    let parent = parentOf(trial, byIndex);
    parent !== undefined;
    parent = parentOf(parent, byIndex)
  )
    line.push(parent);
  return line.toReversed().map((each, k) => ({
    trial: each,
    branch: k === 0 ? '' : `${'   '.repeat(Math.min(k - 1, DRAWN))}└─ `,
  }));
}

/** A parent comes before its child: what says otherwise leads nowhere. */
const parentOf = (
  { parent, index }: ResultTrial,
  byIndex: ReadonlyMap<number, ResultTrial>,
): ResultTrial | undefined =>
  parent === undefined || parent >= index ? undefined : byIndex.get(parent);

export function familyListing(
  relatives: readonly Relative[],
  spec: Pick<BioNASSearchSpec, 'objectives'>,
): Listing<Relative> {
  const ofTrial = ({ title, value, text, wide }: Column<ResultTrial>): Column<Relative> => ({
    title,
    value: ({ trial }) => value(trial),
    ...(text === undefined ? {} : { text: ({ trial }) => text(trial) }),
    ...(wide === undefined ? {} : { wide }),
  });
  return {
    rows: relatives,
    columns: [
      {
        title: 'TRIAL',
        value: ({ trial }) => trial.name,
        text: ({ trial, branch }) => branch + trial.name,
      },
      ofTrial({ title: 'PARENT', value: ({ parent }) => parent, wide: true }),
      ofTrial(STATE),
      ...objectiveColumns(spec).map(ofTrial),
      { title: 'VARIATION', value: ({ trial }) => trial.variation },
      ofTrial({ ...NETWORK, wide: true }),
    ],
    name: ({ trial }) => trialObjectName(trial),
    object: ({ trial }) => {
      const { name, index, parent, variation, state, objectives, genotype } = trial;
      return { name, index, parent, variation, state, objectives, genotype };
    },
  };
}

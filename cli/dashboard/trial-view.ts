// All that is known of one trial: what it is, what it measured, its attempts, files, and layers by epoch.
import { isSupernetText } from '../../crds/index.ts';
import type { AttemptView, TrialView } from '../../dashboard/api.ts';
import { drawingOf } from '../genotype/index.ts';
import { yamlText } from '../output/index.ts';
import { attemptGone, attemptsBegun } from '../place/index.ts';
import type { ResultTrial } from '../result/index.ts';
import { namedTrial } from '../trials/index.ts';
import type { Look } from './feed.ts';
import { layerCurves } from './layer-curves.ts';
import { filesOf, layersOf } from './trial-files.ts';

/** @throws NoSuchTrialError */
export const trialIn = ({ found, known }: Look, name: string): ResultTrial =>
  namedTrial(name, found.search.metadata.name, known);

/** @throws NoSuchTrialError */
export async function trialView(look: Look, name: string): Promise<TrialView> {
  const { found, known, table } = look;
  const trial = trialIn(look, name);
  const row = table.row(trial.name);
  if (row === undefined) throw new Error(`${trial.name}: expected a row of the table`);
  const object = known.objects.find(({ metadata }) => metadata.name === trial.name);
  return {
    row,
    trial,
    yaml: yamlText(object ?? trial),
    diagrams: isSupernetText(trial.genotype) ? [] : drawingOf(trial.genotype).diagrams,
    attempts: await attemptsOf(look, trial),
    files: await filesOf(found, trial),
    layers: layerCurves(await layersOf(found, trial)),
  };
}

/** Those that something is left of, with all their workers, and those that the history counts. */
async function attemptsOf({ found }: Look, { name, cost }: ResultTrial): Promise<AttemptView[]> {
  const there = await found.attempts(name);
  const length = attemptsBegun(there, cost.attempts);
  return Array.from({ length }, (_, attempt) => {
    const workers = there.filter((each) => each.attempt === attempt);
    return workers.length === 0
      ? [{ ...attemptGone(name, attempt), hasLog: false }]
      : workers.map((worker) => ({ ...worker, hasLog: true }));
  }).flat();
}

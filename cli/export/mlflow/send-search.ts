// Trials of a search as runs of an MLflow experiment. A run that has ended there is left alone; one that an export did not bring to
// its end is filled up: the same numbers again change nothing.
import { KEPT_FILES } from '../../../crds/index.ts';
import type { ResultTrial } from '../../result/index.ts';
import { trialParameters } from '../trial-parameters.ts';
import { trialScalars } from '../trial-scalars.ts';
import type { MlflowClient, Run } from './client.ts';

/** Of a run: UID of its search, name of its trial. */
const [SEARCH, TRIAL] = ['bionas.search', 'bionas.trial'] as const;
/** Files that a run takes along. */
const FILES = [KEPT_FILES.model, KEPT_FILES.genotype];

export interface SentSearch {
  readonly uid: string;
  readonly name: string;
  /** That have ended. */
  readonly trials: readonly ResultTrial[];
  /** Whose files come along. */
  readonly takesFiles: (trial: ResultTrial) => boolean;
  readonly fileOf: (trial: ResultTrial, file: string) => Promise<Uint8Array | undefined>;
}

export interface Sent {
  readonly sent: number;
  /** That were there. */
  readonly known: number;
  readonly files: number;
}

export async function sendSearch(
  search: SentSearch,
  experimentName: string,
  client: MlflowClient,
): Promise<Sent> {
  const experiment = await client.experiment(experimentName);
  const runs = new Map<string | undefined, Run>();
  for await (const run of client.runs(experiment, `tags.\`${SEARCH}\` = '${search.uid}'`))
    runs.set(run.data.tags.find(({ key }) => key === TRIAL)?.value, run);
  let [sent, files] = [0, 0];
  for (const trial of search.trials) {
    const before = runs.get(trial.name);
    if (before !== undefined && before.info.status !== 'RUNNING') continue;
    const run = before ?? (await client.createRun({ experiment, ...begunBy(trial, search) }));
    await client.log(run.info.run_id, metricsOf(trial), pairsOf(trialParameters(trial)));
    if (search.takesFiles(trial) && client.takesFiles(run))
      files += await sendFiles(run, trial, { search, client });
    const status = trial.state === 'Trained' ? 'FINISHED' : 'FAILED';
    await client.endRun(run.info.run_id, status, timeOf(trial.completionTime) || startOf(trial));
    sent += 1;
  }
  return { sent, known: search.trials.length - sent, files };
}

const timeOf = (time: string | undefined): number => Date.parse(time ?? '') || 0;

const startOf = ({ startTime, completionTime }: ResultTrial): number =>
  timeOf(startTime) || timeOf(completionTime);

/** Of a new run. */
function begunBy(trial: ResultTrial, { uid, name: search }: SentSearch) {
  const { name, index, state, reason, genotype, hash } = trial;
  const tags = pairsOf({
    [SEARCH]: uid,
    [TRIAL]: name,
    'bionas.search.name': search,
    'bionas.index': `${index}`,
    'bionas.state': state,
    ...(reason === undefined ? {} : { 'bionas.reason': reason }),
    'bionas.genotype': genotype,
    'bionas.hash': hash,
  });
  return { name, start: startOf(trial), tags };
}

const pairsOf = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([key, value]) => ({ key, value }));

const metricsOf = (trial: ResultTrial) =>
  trialScalars(trial).map(({ name: key, value, step, time }) => ({
    key,
    value,
    step,
    timestamp: Math.round(time),
  }));

interface Sending {
  readonly search: SentSearch;
  readonly client: MlflowClient;
}

/** How many the trial has left. */
async function sendFiles(
  run: Run,
  trial: ResultTrial,
  { search, client }: Sending,
): Promise<number> {
  let sent = 0;
  for (const file of FILES) {
    const bytes = await search.fileOf(trial, file);
    if (bytes === undefined) continue;
    await client.putFile(run, file, bytes);
    sent += 1;
  }
  return sent;
}

// What a support bundle holds, file by file, each redacted.
import type { BioNASSearch } from '../../crds/index.ts';
import { yamlText } from '../output/index.ts';
import type { FoundSearch } from '../place/index.ts';
import type { ResultTrial } from '../result/index.ts';
import { hasEnded, knownTrials } from '../trials/index.ts';
import { redacted, redactedText } from './redact.ts';

export interface BundleFile {
  readonly name: string;
  readonly text: string;
}

export interface About {
  readonly version: string;
  readonly runtime: string;
  /** RFC 3339 */
  readonly time: string;
}

export interface Bundling {
  readonly about: About;
  readonly operatorNamespace: string;
  readonly signal: AbortSignal;
}

/** Trials whose logs are in it: those that failed or are under way, the last ones. */
const LOGS = 20;
/** Of a log: its end. */
const LOG_BYTES = 200_000;

/** What cannot be had is said in the last file, and keeps nothing else from being there. */
export async function* bundleOf(found: FoundSearch, of: Bundling): AsyncGenerator<BundleFile> {
  const { search } = found;
  const missing: string[] = [];
  const data = (name: string, value: unknown): BundleFile => ({
    name,
    text: `${yamlText(redacted(value))}\n`,
  });
  yield data('about.yaml', {
    ...of.about,
    place: found.directory === undefined ? 'cluster' : 'local',
  });
  yield data('search.yaml', search);
  const known = await knownTrials(found);
  yield data('trials.yaml', await found.trials());
  yield data('history.yaml', historyOf(search, known.trials, known.missing));
  yield data('failures.yaml', known.trials.filter(({ state }) => state === 'Failed').map(briefly));
  yield* attempted('events.yaml', missing, async () => data('events.yaml', await found.events()));
  for (const trial of known.trials.filter(isTelling).slice(-LOGS))
    yield* logsOf(found, trial, { missing, signal: of.signal });
  for await (const { name, content, problem } of found.evidence(of)) {
    if (problem !== undefined) missing.push(`${name}: ${problem}`);
    else if (typeof content === 'string') yield { name, text: redactedText(content) };
    else yield data(name, content);
  }
  if (missing.length > 0)
    yield { name: 'missing.txt', text: redactedText(`${missing.join('\n')}\n`) };
}

const isTelling = ({ state }: ResultTrial): boolean => state === 'Failed' || !hasEnded(state);

const briefly = ({ name, index, reason, message, cost, completionTime }: ResultTrial) => ({
  name,
  index,
  reason,
  message,
  ...cost,
  completionTime,
});

/** Counts and times, no networks. */
function historyOf({ status }: BioNASSearch, trials: readonly ResultTrial[], unknown: number) {
  const ended = trials.flatMap(({ completionTime }) => completionTime ?? []).toSorted();
  const states = Map.groupBy(trials, ({ state }) => state);
  return {
    known: trials.length,
    unknown,
    highestIndex: trials.at(-1)?.index,
    states: Object.fromEntries([...states].map(([state, those]) => [state, those.length])),
    firstEnd: ended[0],
    lastEnd: ended.at(-1),
    countsOfStatus: status?.trials,
  };
}

interface Looking {
  readonly missing: string[];
  readonly signal: AbortSignal;
}

async function* logsOf(
  found: FoundSearch,
  { name: trial }: ResultTrial,
  { missing, signal }: Looking,
): AsyncGenerator<BundleFile> {
  for (const attempt of await found.attempts(trial)) {
    const name = `logs/${attempt.pod}.log`;
    yield* attempted(name, missing, async () => {
      const log = await found.log(attempt, signal);
      if (log === undefined) throw new Error('it is gone');
      return { name, text: redactedText(await endOf(log)) };
    });
  }
}

/** From the beginning of a line on. */
async function endOf(log: AsyncIterable<Uint8Array>): Promise<string> {
  let kept = Buffer.alloc(0);
  for await (const chunk of log) kept = Buffer.concat([kept, chunk]).subarray(-LOG_BYTES);
  const text = kept.toString('utf8');
  return kept.length < LOG_BYTES ? text : text.slice(text.indexOf('\n') + 1);
}

async function* attempted(
  name: string,
  missing: string[],
  work: () => Promise<BundleFile>,
): AsyncGenerator<BundleFile> {
  try {
    yield await work();
  } catch (error) {
    missing.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

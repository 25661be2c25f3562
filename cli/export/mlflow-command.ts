// `bionas export mlflow SEARCH --url URL`: trials as runs of an MLflow server.
import { type Command, Option } from 'commander';
import {
  type FoundSearch,
  PlaceError,
  type PlaceFlags,
  withPlace,
  withPlaceOptions,
  withSearchArgument,
} from '../place/index.ts';
import type { ResultTrial } from '../result/index.ts';
import { hasEnded, knownTrials, missingNote } from '../trials/index.ts';
import type { ExportIo } from './destination.ts';
import type { Sent } from './mlflow/index.ts';

interface Flags extends PlaceFlags {
  readonly url?: string;
  readonly experiment?: string;
  readonly files: Files;
}

/** Whose files go along. */
const FILES = ['final', 'all', 'none'] as const;
type Files = (typeof FILES)[number];

/** Nobody has said where MLflow is. */
export class NoMlflowError extends Error {
  override readonly name = 'NoMlflowError';
  readonly exitCode = 2;
}

const HELP = `
Each trial that has ended becomes a run: parameters (operation and rule of each edge, seed), metrics by epoch, genotype and
state as tags. The same command again adds what has ended meanwhile, and makes no run twice: runs carry bionas.search and
bionas.trial as tags. model.onnx and genotype.json go along where the server keeps artifacts itself.
$MLFLOW_TRACKING_URI is the default of --url; $MLFLOW_TRACKING_USERNAME and $MLFLOW_TRACKING_PASSWORD, or
$MLFLOW_TRACKING_TOKEN, are sent where they are set.

Examples:
  bionas export mlflow runs/quickstart --url http://127.0.0.1:5000
  kubectl bionas export mlflow quickstart -n team-a --experiment cells`;

export function addMlflowCommand(parent: Command, io: ExportIo): void {
  const command = parent.command('mlflow').description('trials as runs of an MLflow server');
  withPlaceOptions(withSearchArgument(command))
    .option('--url <url>', 'of the server (default: $MLFLOW_TRACKING_URI)')
    .option('--experiment <name>', 'where the runs go (default: the name of the search)')
    .addOption(
      new Option('--files <whose>', 'model.onnx and genotype.json of final trials, all, or none')
        .choices(FILES)
        .default('final'),
    )
    .addHelpText('after', HELP)
    .action((search: string, flags: Flags) =>
      withPlace(flags, io, async (place) => send(await place.open(search), flags, io)),
    );
}

async function send(found: FoundSearch, flags: Flags, io: ExportIo): Promise<void> {
  const url = flags.url ?? io.env['MLFLOW_TRACKING_URI'];
  if (!url)
    throw new NoMlflowError('expected --url or $MLFLOW_TRACKING_URI, the URL of an MLflow server');
  const { MlflowClient, sendSearch } = await import('./mlflow/index.ts');
  const client = new MlflowClient({ url, authorization: authorizationIn(io), signal: io.signal });
  const known = await knownTrials(found);
  const { name, uid = '' } = found.search.metadata;
  const experiment = flags.experiment ?? name;
  const trials = known.trials.filter(({ state }) => hasEnded(state));
  const fileOf = async ({ name: trial, artifacts }: ResultTrial, file: string) => {
    try {
      return await found.file({ trial, file, place: artifacts[file] });
    } catch (cause) {
      if (!(cause instanceof PlaceError)) throw cause;
      throw new PlaceError(`${cause.message}; --files none sends runs without files`, { cause });
    }
  };
  const takesFiles = TAKES_FILES[flags.files];
  const search = { uid, name, trials, takesFiles, fileOf };
  io.err(sentence(await sendSearch(search, experiment, client), experiment, url));
  const note = missingNote(known);
  if (note !== undefined) io.err(note);
}

const TAKES_FILES: Readonly<Record<Files, (trial: ResultTrial) => boolean>> = {
  final: ({ purpose }) => purpose === 'Final',
  all: () => true,
  none: () => false,
};

const sentence = ({ sent, known, files }: Sent, experiment: string, url: string): string =>
  `${sent} runs and ${files} files sent to experiment ${experiment} at ${url}; ${known} runs were there`;

function authorizationIn({ env }: ExportIo): string | undefined {
  const token = env['MLFLOW_TRACKING_TOKEN'];
  if (token) return `Bearer ${token}`;
  const user = env['MLFLOW_TRACKING_USERNAME'];
  const password = env['MLFLOW_TRACKING_PASSWORD'] ?? '';
  return user ? `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` : undefined;
}

// `bionas top SEARCH`: its best trials.
import { type Command, Option } from 'commander';
import { METRICS, type Metric } from '../../crds/index.ts';
import type { Clock } from '../../operator/runtime/index.ts';
import { type Format, printed, withFormatOption } from '../output/index.ts';
import {
  type FoundSearch,
  type PlaceFlags,
  type PlaceIo,
  withPlace,
  withPlaceOptions,
  withSearchArgument,
} from '../place/index.ts';
import { isOver } from '../status/index.ts';
import { missingNote, TrialReader } from '../trials/index.ts';
import { atLeastOne } from '../whole-number.ts';
import { bestTrials, topListing } from './best-trials.ts';

export interface TopIo extends PlaceIo {
  out(line: string): void;
  err(line: string): void;
  readonly clock: Clock;
}

interface Flags extends PlaceFlags {
  readonly count: number;
  readonly by?: Metric;
  readonly watch?: boolean;
  readonly output: Format;
}

const HELP = `
Feasible networks come first, in the order of the search's first objective. JSON and YAML have all that is known of each
trial, as in result.json (docs/result.md). --watch prints them anew whenever they have changed, until the search has ended.

Examples:
  bionas top runs/quickstart
  bionas top quickstart -k 3 --by parameters -o wide
  kubectl bionas top quickstart -n team-a -o csv`;

export function addTopCommand(program: Command, io: TopIo): void {
  const command = withSearchArgument(
    program.command('top').description('the best trials of a search'),
  )
    .addOption(new Option('-k, --count <n>', 'how many').default(10).argParser(atLeastOne))
    .addOption(
      new Option('--by <metric>', 'of all objectives and costs, this one').choices(METRICS),
    )
    .option('-w, --watch', 'go on until the search has ended');
  withPlaceOptions(withFormatOption(command))
    .addHelpText('after', HELP)
    .action((search: string, flags: Flags) => top(search, flags, io));
}

const LOOK_MS = 1_000;

async function top(search: string, flags: Flags, io: TopIo): Promise<void> {
  await withPlace(flags, io, async (place) => {
    let found = await place.open(search);
    const reader = new TrialReader();
    let before = await show(found, reader, { flags, io });
    while (flags.watch && !isOver(found.search)) {
      await io.clock.sleep(LOOK_MS, io.signal);
      found = await found.again();
      before = await show(found, reader, { flags, io, before });
    }
  });
}

interface Shown {
  readonly flags: Flags;
  readonly io: TopIo;
  /** What was shown last: the same is not shown again. */
  readonly before?: string;
}

async function show(
  found: FoundSearch,
  reader: TrialReader,
  { flags: { by, count, output }, io, before }: Shown,
): Promise<string> {
  const known = await reader.read(found);
  const { spec } = found.search;
  const best = bestTrials(known.trials, spec, { count, by });
  const lines = printed(topListing(best, spec, by), output);
  const text = lines.join('\n');
  if (text === before) return text;
  if (before !== undefined && (output === 'table' || output === 'wide')) io.out('');
  for (const line of lines) io.out(line);
  if (best.length === 0) io.err(`no trial of ${found.argument} has a score yet`);
  const note = missingNote(known);
  if (note !== undefined && before === undefined) io.err(note);
  return text;
}

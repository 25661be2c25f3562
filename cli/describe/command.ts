// `bionas describe SEARCH [TRIAL]`: all that is known of it, with reasons.
import { type Command, Option } from 'commander';
import type { Clock } from '../../operator/runtime/index.ts';
import { yamlText } from '../output/index.ts';
import {
  type FoundSearch,
  type PlaceFlags,
  type PlaceIo,
  withPlace,
  withPlaceOptions,
  withSearchArgument,
} from '../place/index.ts';
import { knownTrials, missingNote, namedTrial } from '../trials/index.ts';
import { searchSections } from './search.ts';
import { sectionLines } from './sections.ts';
import { trialSections } from './trial.ts';

export interface DescribeIo extends PlaceIo {
  out(line: string): void;
  err(line: string): void;
  readonly clock: Clock;
}

interface Flags extends PlaceFlags {
  readonly output: 'text' | 'json' | 'yaml';
}

const HELP = `
Of a search: conditions, budget, best and final networks, rungs, failures by reason, and on a cluster its last Events.
Of a trial: the network edge by edge, what it measured, its learning curve, its attempts and why each ended.

Examples:
  bionas describe runs/quickstart
  bionas describe quickstart 12
  kubectl bionas describe quickstart 12 -o yaml`;

export function addDescribeCommand(program: Command, io: DescribeIo): void {
  const command = withSearchArgument(
    program
      .command('describe')
      .description('all that is known of a search or a trial, with reasons'),
  )
    .argument('[trial]', 'index or name')
    .addOption(
      new Option('-o, --output <format>', 'how it is printed')
        .choices(['text', 'json', 'yaml'])
        .default('text'),
    );
  withPlaceOptions(command)
    .addHelpText('after', HELP)
    .action((search: string, trial: string | undefined, flags: Flags) =>
      withPlace(flags, io, async (place) => {
        const found = await place.open(search);
        const known = trial === undefined ? ofSearch(found, io) : ofTrial(found, trial);
        for (const line of linesOf(await known, flags.output)) io.out(line);
      }),
    );
}

function linesOf({ lines, data }: Printed, output: Flags['output']): readonly string[] {
  if (output === 'text') return lines;
  return [output === 'json' ? JSON.stringify(data, null, 2) : yamlText(data)];
}

interface Printed {
  readonly lines: readonly string[];
  readonly data: unknown;
}

async function ofSearch(found: FoundSearch, io: DescribeIo): Promise<Printed> {
  const { search } = found;
  const known = await knownTrials(found);
  const events = await found.events();
  const note = missingNote(known);
  if (note !== undefined) io.err(note);
  const described = { search, trials: known.trials, events, now: io.clock.now() };
  return { lines: sectionLines(searchSections(described)), data: { ...search, events } };
}

async function ofTrial(found: FoundSearch, word: string): Promise<Printed> {
  const { metadata, spec } = found.search;
  const trial = namedTrial(word, metadata.name, await knownTrials(found));
  const attempts = await found.attempts(trial.name);
  const described = { trial, attempts, objectives: spec.objectives };
  return { lines: sectionLines(trialSections(described)), data: { ...trial, attempts } };
}

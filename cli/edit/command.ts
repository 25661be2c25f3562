// `bionas suspend`, `resume` and `budget`: what may change of a search while it runs.
import { type Command, InvalidArgumentError } from 'commander';
import type { BioNASSearch } from '../../crds/index.ts';
import {
  type PlaceFlags,
  type PlaceIo,
  withPlace,
  withPlaceOptions,
  withSearchArgument,
} from '../place/index.ts';
import { atLeastOne, wholeNumber } from '../whole-number.ts';
import { type BudgetWish, budgetChange, type Change, suspension } from './change.ts';

export interface EditIo extends PlaceIo {
  out(line: string): void;
}

const LASTING = `
On a cluster it is a patch of spec, which editing rights of the namespace allow. A run that is under way takes it up within a
second; of one that has stopped it holds for the next bionas run, until the manifest itself has another value there.`;

export function addEditCommands(program: Command, io: EditIo): void {
  for (const verb of ['suspend', 'resume'] as const) {
    const command = withSearchArgument(program.command(verb).description(SUSPENSION[verb]));
    withPlaceOptions(command)
      .addHelpText(
        'after',
        `${LASTING}\n\nExamples:\n  bionas ${verb} runs/night\n  kubectl bionas ${verb} night -n team-a`,
      )
      .action((search: string, flags: PlaceFlags) =>
        change(search, { flags, io, of: (found) => suspension(found, verb === 'suspend') }),
      );
  }
  addBudgetCommand(program, io);
}

const SUSPENSION = {
  suspend: 'start nothing more of a search, and end what trains after its checkpoint',
  resume: 'let a suspended search go on',
};

const BUDGET_HELP = `
Without a flag: what it is. A search that has ended is not reopened.
${LASTING}

Examples:
  bionas budget runs/night --trials 200
  bionas budget night --gpu-hours 0
  kubectl bionas budget night -n team-a --gpu-hours 48 --wall-clock 12h`;

function addBudgetCommand(program: Command, io: EditIo): void {
  const command = withSearchArgument(
    program.command('budget').description('what a search may spend: shown, or set'),
  )
    .option('--trials <n>', 'search trials in all', atLeastOne)
    .option('--gpu-hours <hours>', 'device time of all trials together; 0: no limit', hours)
    .option('--wall-clock <duration>', 'time since it began, such as 12h; none: no limit')
    .option('--failed-trials <n>', 'failed trials after which it fails', wholeNumber);
  withPlaceOptions(command)
    .addHelpText('after', BUDGET_HELP)
    .action((search: string, flags: PlaceFlags & BudgetWish) =>
      change(search, { flags, io, of: (found) => budgetOrChange(found, flags) }),
    );
}

/** In the order of the contract. */
const FIELDS = ['trials', 'wallClock', 'gpuHours', 'failedTrials'] as const;

function budgetOrChange(search: BioNASSearch, wish: BudgetWish): Change {
  const { trials, gpuHours, wallClock, failedTrials } = wish;
  const isAsked = [trials, gpuHours, wallClock, failedTrials].some((field) => field !== undefined);
  if (isAsked) return budgetChange(search, wish);
  const { budget } = search.spec;
  const fields = FIELDS.flatMap((field) =>
    budget[field] === undefined ? [] : [`${field} ${budget[field]}`],
  );
  return { message: `${search.metadata.name}: ${fields.join(', ')}` };
}

interface Editing {
  readonly flags: PlaceFlags;
  readonly io: EditIo;
  readonly of: (search: BioNASSearch) => Change;
}

async function change(name: string, { flags, io, of }: Editing): Promise<void> {
  await withPlace(flags, io, async (place) => {
    const found = await place.open(name);
    const { edit, message } = of(found.search);
    if (edit !== undefined) await found.edit(edit);
    io.out(message);
  });
}

function hours(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new InvalidArgumentError('hours, such as 48 or 0.5; 0 for no limit');
  return value;
}

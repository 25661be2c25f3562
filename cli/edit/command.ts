// `bionas suspend`, `resume`, `budget` and `retry`: what may change of a search while it runs.
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { BioNASSearch } from '../../crds/index.ts';
import { yamlText } from '../output/index.ts';
import {
  type FoundSearch,
  type PlaceFlags,
  type PlaceIo,
  withPlace,
  withPlaceOptions,
  withSearchArgument,
} from '../place/index.ts';
import { atLeastOne, wholeNumber } from '../whole-number.ts';
import { type BudgetWish, budgetChange, type Change, suspension } from './change.ts';
import { tryAgain } from './try-again.ts';

export interface EditIo extends PlaceIo {
  out(line: string): void;
  err(line: string): void;
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
        change(search, {
          flags,
          io,
          of: ({ search: found }) => suspension(found, verb === 'suspend'),
        }),
      );
  }
  addBudgetCommand(program, io);
  addRetryCommand(program, io);
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
    .option('--failed-trials <n>', 'failed trials after which it fails', wholeNumber)
    .addOption(
      new Option(
        '-o, --output <format>',
        'how it is printed; json and yaml have what is spent, too',
      )
        .choices(['text', 'json', 'yaml'])
        .default('text'),
    );
  withPlaceOptions(command)
    .addHelpText('after', BUDGET_HELP)
    .action(
      (search: string, flags: PlaceFlags & BudgetWish & { readonly output: BudgetOutput }) => {
        const of = ({ search: found }: FoundSearch) => budgetOrChange(found, flags);
        return change(search, { flags, io, of, tell: BUDGET_OUTPUT[flags.output] });
      },
    );
}

const BUDGET_OUTPUT = {
  text: undefined,
  json: (search: BioNASSearch) => JSON.stringify(account(search), null, 2),
  yaml: (search: BioNASSearch) => yamlText(account(search)),
};
type BudgetOutput = keyof typeof BUDGET_OUTPUT;

const account = ({ metadata, spec, status }: BioNASSearch) => ({
  search: metadata.name,
  budget: spec.budget,
  spent: {
    trials: status?.trials.proposed ?? 0,
    failedTrials: status?.trials.failed ?? 0,
    deviceSeconds: status?.deviceSeconds ?? 0,
  },
});

const RETRY_HELP = `
Their networks are proposed again at the next free places, as new trials that name the failed one as their parent: the history
stays as it was, and each counts against the budget. spec.retry.limit says how often a trial is started anew by itself, before
it has failed. A search in its final stage takes none any more, and one that has ended is not reopened.
${LASTING}

Examples:
  bionas retry runs/night 12 17
  bionas retry night --failed
  kubectl bionas retry night 12 -n team-a`;

function addRetryCommand(program: Command, io: EditIo): void {
  const command = withSearchArgument(
    program.command('retry').description('propose the networks of failed trials again'),
  )
    .argument('[trials...]', 'indices or names')
    .option('--failed', 'all that have failed and were not tried again');
  withPlaceOptions(command)
    .addHelpText('after', RETRY_HELP)
    .action((search: string, trials: string[], { failed = false, ...flags }: RetryFlags) =>
      withPlace(flags, io, async (place) =>
        io.out(await tryAgain(await place.open(search), { trials, failed }, io)),
      ),
    );
}

interface RetryFlags extends PlaceFlags {
  readonly failed?: boolean;
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
  readonly of: (found: FoundSearch) => Change;
  /** In the place of the change's message: of the search as it is then. */
  readonly tell?: ((search: BioNASSearch) => string) | undefined;
}

async function change(name: string, { flags, io, of, tell }: Editing): Promise<void> {
  await withPlace(flags, io, async (place) => {
    const found = await place.open(name);
    const { edit, message } = of(found);
    const search = edit === undefined ? found.search : await found.edit(edit);
    io.out(tell?.(search) ?? message);
  });
}

function hours(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new InvalidArgumentError('Expected hours, such as 48 or 0.5; 0 for no limit');
  return value;
}

// `bionas ledger verify`: whether the history of searches is whole, in a file or on NATS. Changes nothing.
import { type Command, Option } from 'commander';
import type { BioNASSearch } from '../../crds/index.ts';
import { withNatsOptions } from '../nats-place.ts';
import { readSearch } from '../run/index.ts';
import { SearchCheck } from './check.ts';
import { entriesOf, type LedgerPlace } from './entries.ts';

export interface LedgerIo {
  out(line: string): void;
  err(line: string): void;
  readFile(path: string): Promise<string>;
  setExitCode(code: number): void;
  readonly signal: AbortSignal;
}

interface VerifyFlags extends LedgerPlace {
  readonly manifest?: string;
}

const HELP = `
Finds records that cannot be read, trials and indices that are there twice, indices that are missing, and, with the
manifest, proposals that the search would not make from this history. Exit code 1 where something is wrong; a search
that still runs misses the indices that have not ended.`;

export function addLedgerCommand(program: Command, io: LedgerIo): void {
  const command = program
    .command('ledger')
    .description('the history of searches')
    .command('verify')
    .description('check that the records of finished trials are whole')
    .addOption(
      new Option('--file <path>', 'of a local run: runs/NAME/ledger.jsonl').conflicts('nats'),
    );
  withNatsOptions(command, 'of a cluster: its NATS')
    .option('--search <uid>', 'this search only (default: all)')
    .option('--manifest <file>', 'the search, to be replayed')
    .addHelpText('after', HELP)
    .action((flags: VerifyFlags) => verify(flags, io));
}

async function verify(flags: VerifyFlags, io: LedgerIo): Promise<void> {
  const { manifest: file } = flags;
  const manifest = file === undefined ? undefined : readSearch(file, await io.readFile(file));
  const checks = new Map<string, SearchCheck>();
  const problems: string[] = [];
  for await (const found of entriesOf(flags, io)) {
    if ('problem' in found) problems.push(`${found.place}: ${found.problem}`);
    else if (flags.search === undefined || found.search === flags.search)
      checkOf(found.search, checks).add(found);
  }
  const wanted = [...checks.values()].filter(
    (check) => manifest === undefined || check.isOf(manifest),
  );
  if (wanted.length === 0) problems.push(nothing(flags, manifest));
  for (const check of wanted) {
    const { summary, problems: found } = check.conclude(manifest);
    problems.push(...found);
    io.out(summary);
  }
  for (const problem of problems) io.err(problem);
  io.setExitCode(problems.length > 0 ? 1 : 0);
}

function checkOf(search: string, checks: Map<string, SearchCheck>): SearchCheck {
  const known = checks.get(search) ?? new SearchCheck(search);
  checks.set(search, known);
  return known;
}

function nothing({ file, nats, search }: VerifyFlags, manifest: BioNASSearch | undefined): string {
  const of = search === undefined ? '' : ` of ${search}`;
  const named = manifest === undefined ? '' : ` of a search named ${manifest.metadata.name}`;
  return `${file ?? nats}: expected records${of}${named}, found none`;
}

// `bionas backup NAME DIR` and `bionas restore DIR`: all that a cluster has of a search, kept in a directory, and given back.
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { withNatsOptions } from '../nats-place.ts';
import { atLeastOne } from '../whole-number.ts';
import { type ClusterPlace, withCluster } from './cluster.ts';

export interface BackupIo {
  out(line: string): void;
  readonly signal: AbortSignal;
  readonly workingDirectory: string;
  readonly version: string;
  readonly clock: { now(): number };
}

interface Flags extends ClusterPlace {
  readonly namespace?: string;
}

const BACKUP_HELP = `
The search may run meanwhile. DIR then has its objects, its history and what its trainers keep on NATS, laid out as a local
run, so that bionas replay DIR, ledger verify and simulate read it. Secrets, volumes and logs of Pods are not in it.`;

const RESTORE_HELP = `
The search and its Trials get new UIDs, and what names them is named anew. Trials that were under way go on from their
checkpoints; nothing that had ended is trained again. The directory of a local run is restored as well. The time since
the backup counts as spent: raise budget.wallClock where that is limited.`;

const onCluster = (command: Command): Command =>
  withNatsOptions(
    command.option('--kubeconfig <file>', 'the cluster (default: $KUBECONFIG, or ~/.kube/config)'),
    'its NATS',
  );

export function addBackupCommands(program: Command, io: BackupIo): void {
  onCluster(
    program
      .command('backup')
      .description('keep all that a cluster has of a search in a directory')
      .argument('<search>', 'its name')
      .argument('<directory>', 'empty, or not there yet')
      .option('-n, --namespace <name>', 'where it is', 'default'),
  )
    .addHelpText('after', BACKUP_HELP)
    .action((name: string, directory: string, flags: Flags) =>
      backup({ name, directory, flags }, io),
    );
  onCluster(
    program
      .command('restore')
      .description('give a cluster a search from a directory')
      .argument('<directory>', 'of a backup or a local run')
      .option('-n, --namespace <name>', 'where it goes (default: where it was)')
      .addOption(
        new Option('--nats-replicas <n>', 'copies of its files, in a cluster of NATS servers')
          .default(1)
          .argParser(atLeastOne),
      ),
  )
    .addHelpText('after', RESTORE_HELP)
    .action((directory: string, flags: Flags & { natsReplicas: number }) =>
      giveBack(directory, flags, io),
    );
}

interface Wanted {
  readonly name: string;
  readonly directory: string;
  readonly flags: Flags;
}

async function backup({ name, directory, flags }: Wanted, io: BackupIo): Promise<void> {
  const { namespace = 'default' } = flags;
  const root = resolve(io.workingDirectory, directory);
  // Other commands start without NATS.
  const { takeBackup } = await import('./take.ts');
  const taken = await withCluster(flags, io, (cluster) =>
    takeBackup({ namespace, name }, root, cluster),
  );
  io.out(`search ${namespace}/${name}: ${counts(taken)} kept in ${directory}`);
}

async function giveBack(
  directory: string,
  flags: Flags & { readonly natsReplicas: number },
  io: BackupIo,
): Promise<void> {
  const root = resolve(io.workingDirectory, directory);
  const now = new Date(io.clock.now()).toISOString();
  const { namespace, natsReplicas: replicas } = flags;
  const { restore } = await import('./restore.ts');
  const restored = await withCluster(flags, io, (cluster) =>
    restore(root, { namespace, replicas, now }, cluster),
  );
  const { metadata } = restored.search;
  io.out(
    `search ${metadata.namespace}/${metadata.name} (${metadata.uid}): ${counts(restored)} restored`,
  );
}

interface Counts {
  readonly trials: number;
  readonly records: number;
  readonly files: number;
}

const counts = ({ trials, records, files }: Counts): string =>
  `${trials} Trials, ${records} records and ${files} files`;

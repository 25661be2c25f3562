// docs/cli.md from the help of the commands, so that the page never says other than the program.
import type { Command } from 'commander';
import { createProgram, type ProgramIo } from './program.ts';

const INTRODUCTION = `# bionas and kubectl bionas

\`bionas\` runs searches on this machine and looks at them, here and on clusters. \`kubectl bionas\` is the same program as a plugin of kubectl: put \`bin/\` of the clone into the \`PATH\`.

## Places
A search is a directory of \`bionas run\` (\`runs/night\`, or \`night\` for short), or an object of a cluster. A cluster is meant with \`--cluster\`, \`-n\`, \`-A\`, \`--context\` or \`--kubeconfig\`, which are kubectl's, and always by \`kubectl bionas\`. The verbs are the same:

| to | verb |
|---|---|
| see where searches stand | \`status\`, \`describe\`, \`dashboard\` |
| see what was found | \`top\`, \`pareto\`, \`lineage\`, \`describe SEARCH TRIAL\` |
| read what a trainer wrote | \`logs\` |
| change what may be spent | \`suspend\`, \`resume\`, \`budget\` |
| try failed trials again | \`retry\` |
| take results away | \`export\`, \`report\` |
| ask others for help | \`support-bundle\` |

A trial is named by its name, the end of it or its index: \`night-0012\`, \`final-0\`, \`12\`. \`spec.retry.limit\` says how often a trial is started anew before it has failed; \`bionas retry\` proposes the network of one that has failed again, as a new trial whose parent is the failed one, since what the search decided by stays as it was ([ADR 47](adr/0047-another-try-is-another-trial.md)).

What has ended is read from the history: \`ledger.jsonl\` of a run, the ledger on NATS of a cluster. A cluster keeps the objects of the last \`spec.history.keep\` finished trials; without NATS in reach the commands show these, and the best that the search's status names, and say how many are missing. NATS is reached by \`--nats URL\` or \`$NATS_URL\`, with \`--nats-creds\`, \`--nats-nkey\` and \`--nats-ca\` where it asks for them; that of the chart knows only the operator and trainers ([NATS](nats.md)), so that is for whoever runs the cluster: its certificate is one of \`localhost\` too, so \`kubectl port-forward\` and \`--nats tls://localhost:4222\` lead there. There is no account that may read the history of one namespace alone.

## Output
\`-o\` of each command that looks or takes away; what is left out of it prints text for people.

| command | \`-o\` |
|---|---|
| \`status\`, \`top\`, \`pareto\`, \`lineage\` | \`table\`, \`wide\`, \`json\`, \`yaml\`, \`name\`, \`csv\` |
| \`describe\`, \`budget\` | \`text\`, \`json\`, \`yaml\` |
| \`plan\`, \`replay\`, \`run\` | \`text\`, \`json\` |
| \`export trials\` | \`csv\`, \`json\`, \`jsonl\`, \`parquet\` |
| \`export genotype\` | \`json\`, \`yaml\` |
| \`export table\` | \`markdown\`, \`latex\`, \`csv\` |
| \`simulate\` | text; \`--output DIR\` writes \`simulation.json\` and a picture |

Results go to standard output, remarks and errors to standard error. \`json\` and \`yaml\` of a listing are \`{"items": [...]}\`; \`csv\` has the numbers unrounded; \`name\` is what kubectl takes, such as \`trial.bionas.dev/night-0003\`.

## Exit codes
| code | of \`bionas\` |
|---|---|
| 0 | done; of \`run\` and \`status --watch\`: the search has completed |
| 1 | failed, as the message says; of \`status --watch\`, that a search has failed; of \`logs\`, that no log is left; of \`ledger verify\` and \`replay\`, that the history does not fit |
| 2 | wrong usage, manifest or name: the same command fails again |
| 130 | interrupted, by Ctrl-C or because nobody reads any more; \`run\` goes on where it was |

| code | of a trainer, as \`describe SEARCH TRIAL\` shows it |
|---|---|
| 0 | done |
| 1 and others | a fault of its own: costs the trial a retry |
| 64 | bad input |
| 69 | no device: an accelerator was expected and none computes |
| 75 | interrupted after a checkpoint: goes on from there |
| 76 | another [worker](distributed.md) is lost |

## Completion
\`bionas completion bash|zsh|fish\` prints a script that completes commands, options, their values, and the names of searches and trials ([where it goes](#bionas-completion)). Names on a cluster are looked up by the flags that are typed before them. kubectl completes its plugins itself: with \`bin/\` in the \`PATH\` and [kubectl's own completion](https://kubernetes.io/docs/reference/kubectl/generated/kubectl_completion/) set up, \`kubectl bionas top <TAB>\` works.

## Rights
Reading needs \`get\` and \`list\` of \`bionassearches\`, \`trials\`, \`pods\`, \`pods/log\` and \`events\`; \`suspend\`, \`resume\`, \`budget\` and \`retry\` need \`patch\` of \`bionassearches\`. The chart adds both to the ClusterRoles \`view\` and \`edit\` (\`charts/bionas/templates/operator/user-roles.yaml\`), so whoever may view a namespace may look at its searches, and whoever may edit it may change them:

\`\`\`
kubectl create rolebinding ada-searches --clusterrole=edit --user=ada -n team-a
\`\`\`
`;

/** Of the whole tree, a section a command. */
export function cliDocument(): string {
  // Help needs nothing of the outside but where data sets would lie.
  const program = createProgram({ cache: '' } as ProgramIo);
  const sections = program.commands.flatMap((command) => sectionsOf(command, []));
  return `${[INTRODUCTION, '## Commands', fenced(helpOf(program)), ...sections].join('\n')}`;
}

function sectionsOf(command: Command, path: readonly string[]): string[] {
  const own = [...path, command.name()];
  const { commands } = command;
  const children = commands.flatMap((each) => sectionsOf(each, own));
  // One that only has commands below it says no more than these.
  if (commands.length > 0) return children;
  return [`### bionas ${own.join(' ')}`, fenced(helpOf(command)), ...children];
}

const fenced = (text: string): string => `\`\`\`\n${text.trimEnd()}\n\`\`\`\n`;

/** As --help prints it, at the width of the page. */
function helpOf(command: Command): string {
  let text = '';
  const write = (part: string) => {
    text += part;
  };
  command.configureOutput({
    writeOut: write,
    getOutHelpWidth: () => 110,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return text;
}

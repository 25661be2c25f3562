// Where the operator's CPU goes: the most expensive functions of a profile that Node wrote.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: {
      readonly functionName: string;
      readonly url: string;
      readonly lineNumber: number;
    };
  }[];
  readonly samples: readonly number[];
  /** Microseconds. */
  readonly timeDeltas: readonly number[];
}

const SHOWN = 25;

export const profileFlags = (directory: string): string[] => [
  '--cpu-prof',
  `--cpu-prof-dir=${directory}`,
];

/** Of the newest profile in the folder; self time, without what is called from there. */
export function printProfile(directory: string): void {
  const files = readdirSync(directory).filter((name) => name.endsWith('.cpuprofile'));
  for (const file of files) {
    const profile = JSON.parse(readFileSync(join(directory, file), 'utf8')) as Profile;
    const times = selfTimes(profile);
    const total = [...times.values()].reduce((sum, time) => sum + time, 0);
    const idle = times.get('(idle)') ?? 0;
    times.delete('(idle)');
    const busy = total - idle;
    console.log(`\nprofile: busy ${(busy / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} s`);
    for (const [name, time] of [...times].toSorted(([, a], [, b]) => b - a).slice(0, SHOWN))
      console.log(`  ${((time * 100) / busy).toFixed(1).padStart(5)} %  ${name}`);
  }
}

function selfTimes({ nodes, samples, timeDeltas }: Profile): Map<string, number> {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const times = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const name = names.get(id) ?? 'unknown';
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[index] ?? 0));
  }
  return times;
}

const nameOf = ({
  functionName,
  url,
  lineNumber,
}: Profile['nodes'][number]['callFrame']): string =>
  url === ''
    ? functionName || 'anonymous'
    : `${functionName || 'anonymous'} ${url.split('/').slice(-3).join('/')}:${lineNumber + 1}`;

// Where the operator's CPU goes: the most expensive modules and functions of a profile that Node wrote.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  readonly samples: readonly number[];
  /** Microseconds. */
  readonly timeDeltas: readonly number[];
}

const SHOWN = 15;

export const profileFlags = (directory: string): string[] => [
  '--cpu-prof',
  `--cpu-prof-dir=${directory}`,
];

/** Of every profile in the folder. What a function costs is its own time, without that of what it calls. */
export function printProfiles(directory: string): void {
  for (const file of readdirSync(directory).filter((name) => name.endsWith('.cpuprofile'))) {
    const profile = JSON.parse(readFileSync(join(directory, file), 'utf8')) as Profile;
    print('by module', timesBy(profile, moduleOf));
    print(
      'by function',
      timesBy(profile, (frame) => `${frame.functionName} ${moduleOf(frame)}`),
    );
  }
}

type Frame = Profile['nodes'][number]['callFrame'];

function print(title: string, times: ReadonlyMap<string, number>): void {
  const busy = [...times.values()].reduce((sum, time) => sum + time, 0);
  console.log(`\n${title}: ${(busy / 1e6).toFixed(1)} s`);
  for (const [name, time] of [...times].toSorted(([, a], [, b]) => b - a).slice(0, SHOWN))
    console.log(`  ${((time * 100) / busy).toFixed(1).padStart(5)} %  ${name}`);
}

function timesBy(profile: Profile, nameOf: (frame: Frame) => string): Map<string, number> {
  const { nodes, samples, timeDeltas } = profile;
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const times = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id);
    if (frame === undefined || frame.functionName === '(idle)') continue;
    const name = nameOf(frame);
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[index] ?? 0));
  }
  return times;
}

/** Our file, a package, a part of Node, or what the engine calls itself. */
function moduleOf({ url, functionName }: Frame): string {
  const [, ours] = /\/(operator\/.+|crds\/.+)$/.exec(url) ?? [];
  const [, dependency] = /node_modules\/((?:@[^/]+\/)?[^/]+)(?!.*node_modules)/.exec(url) ?? [];
  return dependency ?? ours ?? (url || functionName || 'native');
}

// make check-gpu: what to run first on a real card. A line a check, `N passed, N failed` at the end; exit code 0, 1 where one failed, 69
// where there is no card. `--rehearse` has the processor play the card, `--only NAME` is part of a check's name.
import { homedir } from 'node:os';
import { parseArgs } from 'node:util';
import { EXIT } from '../../crds/index.ts';
import { defaultLibraryDir, requireLibrary } from '../../trainer/executors/index.ts';
import { readDriver } from '../../trainer/self-check/index.ts';
import { ProcessBench } from './bench.ts';
import { CHECKS, type Check, type Verdict } from './checks.ts';

const { values } = parseArgs({
  options: {
    library: { type: 'string', default: process.env['BIONAS_TENSORFLOW_DIR'] ?? '' },
    rehearse: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
  },
});
const place = { cacheHome: process.env['XDG_CACHE_HOME'], home: homedir() };
const libraryDir = values.library || defaultLibraryDir(place);
const bench = new ProcessBench(libraryDir, values.rehearse);

async function made({
  name,
  cardOnly,
  run,
}: Check): Promise<readonly (readonly [string, Verdict])[]> {
  if (cardOnly && bench.isRehearsal) return [[name, ['skipped', 'it needs a card']]];
  try {
    const found = await run(bench);
    return isVerdict(found) ? [[name, found]] : found;
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    const [reason = text] = /\w*Error: .*/.exec(text) ?? [];
    return [[name, ['failed', reason.split('\n')[0] ?? '']]];
  }
}

const isVerdict = (found: Verdict | readonly unknown[]): found is Verdict =>
  typeof found[0] === 'string';

const driver = await readDriver('/');
if (driver.devices.length === 0 && !bench.isRehearsal) {
  const found = driver.version === undefined ? 'no NVIDIA driver' : `driver ${driver.version}`;
  console.error(`check-gpu: no card here (${found}, no /dev/nvidia0): nothing was checked`);
  console.error('check-gpu: --rehearse has the processor play one');
  process.exit(EXIT.noDevice);
}
requireLibrary(libraryDir);
console.log(
  `TensorFlow of ${libraryDir}${bench.isRehearsal ? ', rehearsed on the processor' : ''}`,
);
const counts = { passed: 0, failed: 0, skipped: 0 };
for (const check of CHECKS.filter(({ name }) => name.includes(values.only)))
  for (const [name, [kind, note]] of await made(check)) {
    counts[kind] += 1;
    console.log(`${kind.padEnd(8)} ${name.padEnd(44)} ${note}`);
  }
if (counts.skipped > 0) console.log(`${counts.skipped} skipped`);
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exit(counts.failed > 0 ? 1 : 0);

// Writes one file over and over, each time filled with another letter, until it is killed: see atomic-file.integration.test.ts.
import { writeAtomically } from '../../../trainer/training/atomic-file.ts';

const [, , path = ''] = process.argv;
for (let round = 0; ; round += 1) {
  const letter = String.fromCharCode(97 + (round % 26));
  await writeAtomically(path, letter.repeat(2_000_000));
  if (round === 0) process.stdout.write('started\n');
}

// Searches of this machine: one that cannot be read hides no other, and is told of.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { localPlace } from '../../../cli/place/index.ts';
import { leaveNight } from '../../builders/night-run.ts';
import { verbIo } from '../../builders/verbs.ts';

/** A search whose one object is this text. */
async function leaveText(folder: string, name: string, text: string): Promise<string> {
  const objects = join(folder, 'runs', name, 'objects', 'bionassearches.bionas.dev', 'default');
  await mkdir(objects, { recursive: true });
  await writeFile(join(objects, `${name}.json`), text);
  return join(objects, `${name}.json`);
}

test.each([
  [
    'is cut off',
    '{"apiVersion": ',
    /: expected an object .* reads, got .*JSON.*; mend or remove it/,
  ],
  ['is of another version', '{"apiVersion": "bionas.dev/v9"}', /, got apiVersion: Invalid input/],
])(
  'a run that %s is left out and told of once; asked for by name, it is an error',
  async (_, text, why) => {
    const folder = await leaveNight();
    const file = await leaveText(folder, 'damaged', text);
    const said = { out: [] as string[], err: [] as string[] };
    const place = localPlace(verbIo(folder, said));
    for (const _look of [1, 2])
      expect((await place.searches()).map(({ argument }) => argument)).toEqual(['runs/night']);
    expect(said.err).toEqual([expect.stringMatching(why)]);
    expect(said.err[0]).toMatch(`left out: ${file}`);
    await expect(place.open('damaged')).rejects.toThrow(why);
  },
);

test.each([
  ['nigth', /^nigth: expected the directory of a run, .* found none \(did you mean night\?\)/],
  ['other', /^other: expected the directory of a run, or its name under runs\/, found none: /],
])('of a run that is not there the nearest name is told: %s', async (name, why) => {
  const place = localPlace(verbIo(await leaveNight(), { out: [], err: [] }));
  await expect(place.open(name)).rejects.toThrow(why);
});

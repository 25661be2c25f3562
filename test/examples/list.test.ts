// examples/README.md leads to every example beside it.
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const FOLDER = resolve(import.meta.dirname, '../../examples');
const page = readFileSync(`${FOLDER}/README.md`, 'utf8');

test.each(globSync('*.yaml', { cwd: FOLDER }).toSorted())('%s is in the list', (name) => {
  expect(page).toContain(`[${name}](${name})`);
});

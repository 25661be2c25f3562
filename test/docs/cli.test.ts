// docs/cli.md is what the commands' help says.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { cliDocument } from '../../cli/cli-document.ts';

test('docs/cli.md is as the program says (node scripts/write-cli-docs.ts)', async () => {
  const page = await readFile(new URL('../../docs/cli.md', import.meta.url), 'utf8');
  expect(page).toBe(cliDocument());
});

test('every command about a search has examples of a directory and of a cluster', () => {
  const about = cliDocument()
    .split('\n### ')
    .filter((section) => section.includes('--cluster '));
  expect(about.length).toBeGreaterThan(10);
  for (const section of about) {
    expect(section).toContain('Examples:');
    expect(section).toContain('\n  kubectl bionas ');
  }
});

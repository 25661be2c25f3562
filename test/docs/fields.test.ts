// docs/fields.md is what the schemas say.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { fieldDocument, KINDS, objectSchema } from '../../crds/index.ts';

test('docs/fields.md is as the schemas say (node scripts/write-field-docs.ts)', async () => {
  const page = await readFile(new URL('../../docs/fields.md', import.meta.url), 'utf8');
  expect(page).toBe(fieldDocument());
});

test('every part of a spec has its place on the page', () => {
  const page = fieldDocument();
  for (const kind of KINDS)
    for (const part of Object.keys(objectSchema(kind).properties?.['spec']?.properties ?? {}))
      expect(page).toMatch(new RegExp(`\`${part}\`|spec\\.${part} of `));
});

// Writes docs/fields.md from the schemas of the resources: node scripts/write-field-docs.ts
import { writeFileSync } from 'node:fs';
import { fieldDocument } from '../crds/index.ts';

writeFileSync(new URL('../docs/fields.md', import.meta.url), fieldDocument());

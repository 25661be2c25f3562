// Writes docs/result.md from the schema of result.json: node scripts/write-result-docs.ts
import { writeFileSync } from 'node:fs';
import { resultDocument } from '../cli/result/index.ts';

writeFileSync(new URL('../docs/result.md', import.meta.url), resultDocument());

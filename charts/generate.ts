// Writes values.yaml, values.schema.json and README.md of the chart bionas: `node charts/generate.ts`, or `make generate`.
import { writeFileSync } from 'node:fs';
import { documents, FOLDER } from './documents.ts';

for (const [file, text] of documents()) writeFileSync(new URL(file, FOLDER), text);

// Writes the CustomResourceDefinitions into their chart: `node crds/generate.ts`, or `make generate`.
import { writeFileSync } from 'node:fs';
import { FOLDER, manifests } from './manifests.ts';

for (const [file, text] of manifests()) writeFileSync(new URL(file, FOLDER), text);

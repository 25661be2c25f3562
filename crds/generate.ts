// Writes the CustomResourceDefinitions beside this file: `node crds/generate.ts`, or `make generate`.
import { writeFileSync } from 'node:fs';
import { manifests } from './manifests.ts';

for (const [file, text] of manifests()) writeFileSync(new URL(file, import.meta.url), text);

// Writes dist/install.yaml by the real helm: make install-yaml
import { mkdirSync, writeFileSync } from 'node:fs';
import { startHelm } from './charts/helm.ts';
import { installYaml } from './charts/install-yaml.ts';

const folder = new URL('../dist/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('install.yaml', folder), await installYaml(await startHelm()));

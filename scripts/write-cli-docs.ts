// Writes docs/cli.md from the help of the commands: node scripts/write-cli-docs.ts
import { writeFileSync } from 'node:fs';
import { cliDocument } from '../cli/cli-document.ts';

writeFileSync(new URL('../docs/cli.md', import.meta.url), cliDocument());

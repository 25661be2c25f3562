// Writes docs/cli.md from the help of the commands: node scripts/write-cli-docs.ts
import { writeFileSync } from 'node:fs';
import { cliDocument } from '../cli/cli-document.ts';
import { createProgram, type ProgramIo } from '../cli/program.ts';

// Help needs nothing of the outside but where data sets would lie.
const program = createProgram({ cache: '' } as ProgramIo);
writeFileSync(new URL('../docs/cli.md', import.meta.url), cliDocument(program));

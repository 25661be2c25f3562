// Run by the watchdog when the owner of a real node died: cleanup.ts DIRECTORY.
import { removeRemains } from './remains.ts';

const [directory] = process.argv.slice(2);
if (directory === undefined) throw new Error('usage: cleanup.ts DIRECTORY');
removeRemains(directory);

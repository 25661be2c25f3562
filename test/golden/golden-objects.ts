// Searches and Trials as an earlier release's API server stored them (v1alpha1/*.yaml, of commit 24912f1, a file a search): of every
// algorithm and scheduler that ended, of one that was suspended, one with a paused Trial, and one half done with its ledger.
import { readdirSync, readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import type { BioNASSearch, Trial } from '../../crds/index.ts';

const FOLDER = new URL('v1alpha1/', import.meta.url);

export type Golden = BioNASSearch | Trial;

export const goldenFiles = (): string[] =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.replace('.yaml', ''))
    .toSorted();

/** As they stand in the file: nothing is added, nothing is left out. */
export function goldenObjects(file: string): Golden[] {
  const text = readFileSync(new URL(`${file}.yaml`, FOLDER), 'utf8');
  return parseAllDocuments(text).map((document) => document.toJS() as Golden);
}

/** Lines of its ledger. */
export const goldenLedger = (file: string): string =>
  readFileSync(new URL(`${file}.jsonl`, FOLDER), 'utf8');

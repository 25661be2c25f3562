// A trainer that trains nothing: says a word, waits as long as BIONAS_TEST_MS says, and reports a result over its channel as a real one does.
import { setTimeout as delay } from 'node:timers/promises';
import { makeResult } from './objects.ts';
import { hashScore } from './search.ts';

const { BIONAS_TRIAL = '{}', BIONAS_ATTEMPT = '0', BIONAS_TEST_MS = '100' } = process.env;
const { metadata, spec } = JSON.parse(BIONAS_TRIAL);
const attempt = Number(BIONAS_ATTEMPT);
process.on('SIGTERM', () => process.exit(75));
console.log(`attempt ${attempt} of ${metadata.name} trains`);
await delay(Number(BIONAS_TEST_MS));
const result = makeResult({ accuracy: hashScore(spec.genotype) });
const report = { trial: metadata.uid, attempt, sequence: 0, body: { kind: 'result', result } };
process.send?.(report, () => process.exit(0));

// Trials that an example stands for: what the operator would make of its search, or the Trial itself.
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { BioNASSearch, Trial } from '../../crds/index.ts';
import { finalStage } from '../../operator/reconcilers/search/final-stage.ts';
import { searchTrial } from '../../operator/reconcilers/search/trial-object.ts';
import { createEngine } from '../../operator/search/index.ts';

const EXAMPLES = new URL('../../examples/', import.meta.url);

/** Manifests below examples/, as paths from there. */
export const exampleFiles = (): string[] =>
  readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .toSorted();

export const exampleText = (file: string): string => readFileSync(new URL(file, EXAMPLES), 'utf8');

/** A search's first proposal, that network as a final one, and its controls, each with the first seed. */
export function exampleTrials(file: string): Trial[] {
  const object = parse(exampleText(file));
  if (object.kind === 'Trial') return [Trial.parse(object)];
  const parsed = BioNASSearch.parse(object);
  const identity = { uid: 'uid', resourceVersion: '1', generation: 1, creationTimestamp: '' };
  const search = {
    ...parsed,
    metadata: { ...parsed.metadata, ...identity, namespace: 'default' },
  };
  const engine = createEngine(search.spec);
  const { proposal } = engine.ask(engine.initial);
  if (proposal === undefined) throw new Error(`${file} proposes nothing`);
  // What a supernet derives is known only once it is trained.
  if (proposal.kind === 'Supernet') return [searchTrial(search, proposal)];
  const { genotype } = proposal;
  const once = { ...search, spec: { ...search.spec, final: { ...search.spec.final, seeds: 1 } } };
  return [
    searchTrial(search, { ...proposal, proposedAfter: 0 }),
    ...finalStage(once, [{ genotype, index: 0 }], 1),
  ];
}

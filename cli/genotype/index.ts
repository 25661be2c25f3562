// Door of genotypes as people see them: short texts, rules, diagrams.
import {
  type Genotype,
  isSupernetText,
  type LearningRuleName,
  parseGenotype,
  type SearchSpace,
} from '../../crds/index.ts';
import { darts } from './darts.ts';
import { fixed } from './fixed.ts';
import { nb201 } from './nb201.ts';
import type { Diagram, Presentation } from './presentation.ts';

export type { CellDiagram, CellEdge, ChainDiagram, Diagram, Learning } from './presentation.ts';

/** Adding a family: its file and a word here. */
const PRESENTATIONS: Readonly<Record<Genotype['kind'], Presentation>> = { darts, nb201, fixed };

/** One line for people; nothing is left out. A supernet that has derived nothing yet is its number. */
export function shortGenotype(text: string): string {
  if (isSupernetText(text)) return text;
  const genotype = parseGenotype(text);
  return PRESENTATIONS[genotype.kind].short(genotype);
}

/** The rule of every place of the network that has one. */
export function rulesIn(text: string): LearningRuleName[] {
  if (isSupernetText(text)) return [];
  const genotype = parseGenotype(text);
  return PRESENTATIONS[genotype.kind].rules(genotype);
}

/** Names of the places of a network that a search varies. */
export function placesOf(space: SearchSpace): readonly string[] {
  const places = PRESENTATIONS[space.kind].places(space);
  return space.conversion === 'partial' ? places.filter((place) => place !== 'rest') : places;
}

/** What stands at each of the places; undefined where nothing does, as in a supernet that has derived nothing yet. */
export function genesOf(text: string, places: readonly string[]): (string | undefined)[] {
  if (isSupernetText(text)) return places.map(() => undefined);
  const genotype = parseGenotype(text);
  const genes = PRESENTATIONS[genotype.kind].genes(genotype);
  return places.map((place) => genes[place]);
}

export interface Drawing {
  readonly diagrams: readonly Diagram[];
  /** Rule of the layers that no diagram shows. */
  readonly rest?: LearningRuleName;
}

export function drawingOf(text: string): Drawing {
  const genotype = parseGenotype(text);
  const { diagrams, rest } = PRESENTATIONS[genotype.kind];
  const rule = rest(genotype);
  return { diagrams: diagrams(genotype), ...(rule === undefined ? {} : { rest: rule }) };
}

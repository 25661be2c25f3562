// The controls of a final network: the same operations and wiring under other rules, so that what is left of a difference
// is the rules'. Pure: the same seed draws the same controls.
import {
  type Control,
  type Final,
  type Genotype,
  LEARNING_RULES,
  type LearningRuleName,
  mapRules,
  parseGenotype,
  printGenotype,
  type RuleChange,
  type SearchSpace,
} from '../../crds/index.ts';
import type { Random } from './random.ts';

export interface PlannedControl extends Control {
  /** Canonical text. */
  readonly genotype: string;
  /** What is trained in its place: an earlier control of equal genotype, by name, or the network itself. */
  readonly sameAs?: string;
}

/** What `sameAs` calls the network. */
export const THE_NETWORK = 'the network';

export interface ControlsInput {
  /** Text of the network. */
  readonly genotype: string;
  readonly space: SearchSpace;
  readonly controls: Final['controls'];
  readonly random: Random;
}

/** Draws of one control before there are no more to be found, as where a space is small. */
const TRIES = 100;

/**
 * Single rules and conversion first, then draws that differ from the network, from those and from one another; there are fewer
 * draws than asked for where there are no more such networks.
 */
export function controlsOf({ genotype, space, controls, random }: ControlsInput): PlannedControl[] {
  const network = parseGenotype(genotype);
  const names = new Map([[printGenotype(network), THE_NETWORK]]);
  const planned = [
    ...controls.rules.map((rule) => control('rule', rule, uniform(network, space, rule))),
    ...(controls.conversion ? otherConversion(network) : []),
  ].map((each) => {
    const sameAs = names.get(each.genotype);
    if (sameAs === undefined) names.set(each.genotype, each.name);
    return sameAs === undefined ? each : { ...each, sameAs };
  });
  const { learningRules } = space;
  const drawn = (kind: 'random' | 'shuffled', count: number, draw: (from: Random) => Genotype) =>
    Array.from({ length: count }, (_, k) => `${kind} ${k + 1}`).flatMap((name) => {
      const text = unlike(names, random.split(name), draw);
      if (text !== undefined) names.set(text, name);
      return text === undefined ? [] : [{ kind, name, genotype: text }];
    });
  return [
    ...planned,
    ...drawn('random', controls.random, (from) =>
      searched(network, space, () => from.choice(learningRules)),
    ),
    ...drawn('shuffled', controls.shuffled, (from) => shuffled(network, space, from)),
  ];
}

const control = (kind: Control['kind'], name: string, genotype: Genotype): PlannedControl => ({
  kind,
  name,
  genotype: printGenotype(genotype),
});

/** Changes the rules that the space searches: partial conversion leaves the rest to backpropagation. */
const searched = (
  network: Genotype,
  space: SearchSpace,
  change: (rule: LearningRuleName) => LearningRuleName,
): Genotype =>
  mapRules(network, (rule, place) =>
    place === 'rest' && space.conversion === 'partial' ? rule : change(rule),
  );

const uniform = (network: Genotype, space: SearchSpace, rule: LearningRuleName): Genotype =>
  searched(network, space, () => rule);

function shuffled(network: Genotype, space: SearchSpace, random: Random): Genotype {
  const own: LearningRuleName[] = [];
  searched(network, space, (rule) => {
    own.push(rule);
    return rule;
  });
  const rules = random.shuffle(own).values();
  return searched(network, space, (rule) => rules.next().value ?? rule);
}

function unlike(
  names: ReadonlyMap<string, string>,
  random: Random,
  draw: (from: Random) => Genotype,
): string | undefined {
  for (let k = 0; k < TRIES; k += 1) {
    const text = printGenotype(draw(random));
    if (!names.has(text)) return text;
  }
  return undefined;
}

/** None for a fixed network, nor for one whose edges give the rest no rule to take. */
function otherConversion(network: Genotype): PlannedControl[] {
  if (network.kind === 'fixed') return [];
  const atRest =
    (to: LearningRuleName): RuleChange =>
    (rule, place) =>
      place === 'rest' ? to : rule;
  if (network.rest !== 'BP')
    return [control('conversion', 'rest BP', mapRules(network, atRest('BP')))];
  const rule = mostFrequent(network);
  return rule === undefined
    ? []
    : [control('conversion', `rest ${rule}`, mapRules(network, atRest(rule)))];
}

/** Of the rules on edges, but backpropagation; of equally frequent ones the first in the contract. */
function mostFrequent(network: Genotype): LearningRuleName | undefined {
  const counts = new Map<LearningRuleName, number>();
  mapRules(network, (rule, place) => {
    if (place === 'edge' && rule !== 'BP') counts.set(rule, (counts.get(rule) ?? 0) + 1);
    return rule;
  });
  const most = Math.max(...counts.values());
  return LEARNING_RULES.find((rule) => counts.get(rule) === most);
}

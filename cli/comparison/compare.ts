// A final network beside its controls: means, spreads, and differences paired by seed. Pure.
import type { Control, Final } from '../../crds/index.ts';
import { type PlannedControl, Random, THE_NETWORK } from '../../operator/search/index.ts';
import { bootstrapInterval, mean, standardDeviation } from '../statistics/index.ts';
import { type Compared, claim, subject } from './claim.ts';
import type { Comparison, Variant } from './schema.ts';

/** As much of a final trial as is compared. */
export interface FinalTrial {
  readonly name: string;
  readonly index: number;
  readonly seed: number;
  readonly state:
    | 'Waiting'
    | 'Running'
    | 'Paused'
    | 'Trained'
    | 'Diverged'
    | 'Infeasible'
    | 'Failed';
  readonly control?: Control | undefined;
  readonly metrics?: { readonly testAccuracy?: number | undefined } | undefined;
}

export interface ComparisonInput {
  /** Of the search trial that found the network. */
  readonly index: number;
  readonly genotype: string;
  /** The network's and its controls'. */
  readonly trials: readonly FinalTrial[];
  readonly plan: readonly PlannedControl[];
  readonly controls: Final['controls'];
}

/** Undefined where there is nothing to compare: one training of the network, and no controls. */
export function compare(input: ComparisonInput): Comparison | undefined {
  const comparison = compared(input);
  const own = input.trials.filter(({ control }) => control === undefined);
  return own.length < 2 && comparison?.variants.length === 0 ? undefined : comparison;
}

/** Undefined where the network has no trial. */
export function compared(input: ComparisonInput): Comparison | undefined {
  const { index, genotype, trials } = input;
  const own = trials
    .filter(({ control }) => control === undefined)
    .toSorted((a, b) => a.index - b.index);
  const [first] = own;
  const variants = variantsOf(input, own);
  if (first === undefined) return undefined;
  return { trial: first.name, index, genotype, ...trainings(own), variants };
}

function variantsOf(input: ComparisonInput, network: readonly FinalTrial[]): Variant[] {
  const { plan, controls } = input;
  const single = plan
    .filter(({ kind }) => kind === 'rule' || kind === 'conversion')
    .map((control) =>
      control.sameAs === undefined
        ? variant([control], control, input, network)
        : sameVariant(control, control.sameAs),
    );
  const drawn = (['random', 'shuffled'] as const).flatMap((kind) => {
    const draws = plan.filter((control) => control.kind === kind);
    if (controls[kind] === 0) return [];
    if (draws.length === 0) return [noDraw(kind)];
    return [variant(draws, { kind, name: kind }, input, network)];
  });
  return [...single, ...drawn];
}

const NO_TRAININGS = { trials: [], trained: 0, diverged: 0, failed: 0, unfinished: 0 };

function sameVariant({ kind, name }: Control, sameAs: string): Variant {
  const itself = sameAs === THE_NETWORK ? 'is the network itself' : `is the control ${sameAs}`;
  const words = subject({ kind, name, draws: 1 });
  const sentence = `${words} ${itself}, so it was not trained apart.`;
  return { kind, name, draws: 1, ...NO_TRAININGS, claim: capitalized(sentence) };
}

const noDraw = (kind: 'random' | 'shuffled'): Variant => ({
  kind,
  name: kind,
  draws: 0,
  ...NO_TRAININGS,
  claim: `No ${kind} rules differ from the network and its other controls.`,
});

const capitalized = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

function variant(
  draws: readonly Control[],
  { kind, name }: Control,
  { trials, genotype }: ComparisonInput,
  network: readonly FinalTrial[],
): Variant {
  const names = new Set(draws.map((draw) => draw.name));
  const own = trials.filter(({ control }) => control?.kind === kind && names.has(control.name));
  const random = Random.fromSeed(0).split(`${genotype} against ${name}`);
  const difference = differenceOf(network, own, random);
  const compared: Compared = {
    kind,
    name,
    draws: draws.length,
    ...trainings(own),
    ...(difference === undefined ? {} : { difference }),
  };
  return { ...compared, claim: claim(compared, trainings(network)) };
}

function differenceOf(
  network: readonly FinalTrial[],
  control: readonly FinalTrial[],
  random: Random,
): Variant['difference'] {
  const others = Map.groupBy(control, ({ seed }) => seed);
  const differences = network.flatMap((trial) => {
    const [own] = accuraciesOf([trial]);
    const its = accuraciesOf(others.get(trial.seed) ?? []);
    return own === undefined || its.length === 0 ? [] : [own - mean(its)];
  });
  if (differences.length === 0) return undefined;
  const interval = bootstrapInterval(differences, random);
  const seeds = differences.length;
  return { seeds, mean: mean(differences), ...(interval === undefined ? {} : { interval }) };
}

function trainings(
  trials: readonly FinalTrial[],
): Omit<Comparison, 'trial' | 'index' | 'genotype' | 'variants'> {
  const accuracies = accuraciesOf(trials);
  const inState = (...states: FinalTrial['state'][]) =>
    trials.filter(({ state }) => states.includes(state)).length;
  const spread = standardDeviation(accuracies);
  return {
    trials: trials.map(({ name }) => name),
    trained: accuracies.length,
    diverged: inState('Diverged'),
    failed: inState('Failed'),
    unfinished: inState('Waiting', 'Running'),
    ...(accuracies.length === 0 ? {} : { mean: mean(accuracies) }),
    ...(spread === undefined ? {} : { standardDeviation: spread }),
  };
}

const accuraciesOf = (trials: readonly FinalTrial[]): number[] =>
  trials.flatMap(({ state, metrics }) =>
    state === 'Trained' ? (metrics?.testAccuracy ?? []) : [],
  );

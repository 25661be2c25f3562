// What a filter may ask of a trial, of a certain search: numbers, words, and the values of places. Pure.
import type { TrialRow } from '../api.ts';

/** What a search's trials are told in. */
export interface Terms {
  /** Metrics of the objectives, in their order. */
  readonly objectives: readonly string[];
  readonly rules: readonly string[];
  readonly places: readonly string[];
  readonly alphabet: readonly string[];
}

export type Field =
  | { readonly kind: 'number'; readonly of: (row: TrialRow) => number | undefined }
  | { readonly kind: 'word'; readonly of: (row: TrialRow) => string | undefined }
  | { readonly kind: 'place'; readonly place: number };

const NUMBERS: Readonly<Record<string, (row: TrialRow) => number | undefined>> = {
  trial: ({ index }) => index,
  parent: ({ parent }) => parent,
  accuracy: ({ accuracy }) => accuracy,
  test: ({ testAccuracy }) => testAccuracy,
  parameters: ({ parameters }) => parameters,
  macs: ({ macs }) => macs,
  time: ({ deviceSeconds }) => deviceSeconds,
  epochs: ({ epochs }) => epochs,
};

/** Of the search, the winner trained anew, or a control of it. */
export const stageOf = ({ final, control }: TrialRow): string =>
  control === undefined ? (final ? 'final' : 'search') : 'control';

const WORDS: Readonly<Record<string, (row: TrialRow) => string | undefined>> = {
  name: ({ name }) => name,
  state: ({ state }) => state,
  reason: ({ reason }) => reason,
  variation: ({ variation }) => variation,
  control: ({ control }) => control,
  stage: stageOf,
};

/** By their names in lower case. */
export function fieldsOf({ objectives, rules, places }: Terms): ReadonlyMap<string, Field> {
  const number = (of: (row: TrialRow) => number | undefined): Field => ({ kind: 'number', of });
  const entries: (readonly [string, Field])[] = [
    ...places.map((name, place) => [name, { kind: 'place', place } as const] as const),
    ...rules.map((rule, k) => [rule, number((row) => row.rules[k])] as const),
    ...objectives.map((metric, k) => [metric, number((row) => row.objectives?.[k])] as const),
    ...Object.entries(NUMBERS).map(([name, of]) => [name, number(of)] as const),
    ...Object.entries(WORDS).map(([name, of]) => [name, { kind: 'word', of } as const] as const),
  ];
  return new Map(entries.map(([name, field]) => [name.toLowerCase(), field]));
}

/** For messages and for help. */
export const FIELD_NAMES: readonly string[] = [...Object.keys(WORDS), ...Object.keys(NUMBERS)];

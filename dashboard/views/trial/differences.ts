// What two trials do not have in common: values at places of the network, scores, costs. Pure.
import {
  formatCount,
  formatDuration,
  formatMetric,
  formatPoints,
} from '../../../cli/quantities/index.ts';
import type { TrialView } from '../../api.ts';
import type { Known } from '../search/known.ts';

export interface Difference {
  readonly what: string;
  readonly values: readonly [string, string];
  /** Second minus first, where that is a number. */
  readonly difference: string;
}

type Told = Pick<Known, 'view' | 'table'>;

/** Scores and costs always, each once; places where they differ. */
export function differencesOf(a: TrialView, b: TrialView, told: Told): Difference[] {
  const { view } = told;
  return [
    { what: 'trial', values: [`#${a.row.index}`, `#${b.row.index}`], difference: '' },
    { what: 'state', values: [a.row.state, b.row.state], difference: '' },
    ...scores(a, b, told),
    ...costs(a, b).filter(({ what }) => !view.objectives.some(({ metric }) => metric === what)),
    ...places(a, b, told),
  ];
}

function scores(a: TrialView, b: TrialView, { view }: Told): Difference[] {
  return view.objectives.map(({ metric }, k) => {
    const [x, y] = [a.row.objectives?.[k], b.row.objectives?.[k]];
    const text = (value: number | undefined) =>
      value === undefined ? '–' : formatMetric(metric, value);
    const percent = x !== undefined && text(x).endsWith('%');
    const between =
      x === undefined || y === undefined
        ? ''
        : percent
          ? `${signed(y - x, formatPoints)} points`
          : signed(y - x, (value) => formatMetric(metric, value));
    return { what: metric, values: [text(x), text(y)] as const, difference: between };
  });
}

function costs(a: TrialView, b: TrialView): Difference[] {
  const row = (
    what: string,
    of: (view: TrialView) => number | undefined,
    text: (value: number) => string,
  ): Difference => {
    const [x, y] = [of(a), of(b)];
    return {
      what,
      values: [x === undefined ? '–' : text(x), y === undefined ? '–' : text(y)],
      difference: x === undefined || y === undefined ? '' : signed(y - x, text),
    };
  };
  return [
    row('parameters', ({ trial }) => trial.metrics?.parameters, formatCount),
    row('macs', ({ trial }) => trial.metrics?.macs, formatCount),
    row('epochs', ({ trial }) => trial.epochs.length, String),
    row('device time', ({ trial }) => trial.cost.deviceSeconds, formatDuration),
  ];
}

/** With a sign, as mathematics writes it. */
const signed = (value: number, text: (value: number) => string): string =>
  value < 0 ? `−${text(-value)}` : `+${text(value)}`;

function places(a: TrialView, b: TrialView, { view, table }: Told): Difference[] {
  const value = ({ row }: TrialView, k: number) => table.alphabet[row.genes[k] ?? -1] ?? 'empty';
  return view.places.flatMap((what, k) => {
    const values = [value(a, k), value(b, k)] as const;
    return values[0] === values[1] ? [] : [{ what, values, difference: '' }];
  });
}

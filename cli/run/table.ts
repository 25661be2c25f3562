// One frame of the live table: a snapshot as lines that fit the terminal. Pure; table-view.ts puts it on the screen.
import type picocolors from 'picocolors';
import type { Progress, RankedTrial } from '../../crds/index.ts';
import { shortGenotype } from '../genotype/index.ts';
import { formatCount, formatDuration, formatLoss, formatObjectives } from '../quantities/index.ts';
import { doneShare } from '../status/index.ts';
import { cut } from './cut.ts';
import { rungWords } from './rungs.ts';
import type { RunningTrial, Snapshot } from './snapshot.ts';

export type Colors = Pick<typeof picocolors, 'bold' | 'dim' | 'cyan' | 'green' | 'red' | 'yellow'>;
type Formatter = Colors['bold'];

export interface Frame {
  /** Columns and rows that may be used. */
  readonly width: number;
  readonly height: number;
  readonly colors: Colors;
}

/** Piece of a line: text and how it is painted, so that widths are those of the text. */
interface Piece {
  readonly text: string;
  readonly paint?: Formatter;
}

const RANKED = 5;

export function tableLines(snapshot: Snapshot, frame: Frame): string[] {
  const head = [
    ...header(snapshot, frame),
    ...budget(snapshot, frame),
    ...rungLines(snapshot, frame),
  ];
  const running = runningLines(snapshot, frame);
  const ranking = rankingLines(snapshot, frame);
  const lines = [...head, [], ...running, [], ...ranking];
  const room = Math.max(1, frame.height);
  return lines.slice(0, room).map((pieces) => printed(pieces, frame.width));
}

/** Cut to the width with an ellipsis; colours cost no columns. */
function printed(pieces: readonly Piece[], width: number): string {
  let room = width;
  let line = '';
  for (const { text, paint } of pieces) {
    const shown = cut(text, room);
    line += paint === undefined || shown === '' ? shown : paint(shown);
    room -= [...shown].length;
    if (shown !== text) break;
  }
  return line;
}

function header(
  { search, about, phase, message, ...times }: Snapshot,
  { colors }: Frame,
): Piece[][] {
  const { elapsedSeconds, remainingSeconds } = times;
  const left =
    remainingSeconds === undefined ? '' : `, about ${formatDuration(remainingSeconds)} left`;
  return [
    [
      { text: search, paint: colors.bold },
      { text: '  ' },
      { text: phase, paint: colors.cyan },
      { text: `  ${formatDuration(elapsedSeconds)}${left}` },
    ],
    [{ text: phase === 'Finalizing' ? message : about, paint: colors.dim }],
  ];
}

function deviceTime({ deviceSeconds, deviceBudget }: Snapshot): string {
  const used = `device time ${formatDuration(deviceSeconds)}`;
  if (deviceBudget === undefined) return used;
  const { seconds, reserved } = deviceBudget;
  const more = reserved > 0 ? `, ${formatDuration(reserved)} reserved` : '';
  return `${used} of ${formatDuration(seconds)}${more}`;
}

function budget(snapshot: Snapshot, { width, colors }: Frame): Piece[][] {
  const { trials } = snapshot;
  const { succeeded, infeasible, failed, paused, budget: all } = trials;
  const done = succeeded + failed;
  return [
    [
      { text: 'trials  ' },
      ...bar(done / all, width < 80 ? 12 : 24, colors),
      { text: `  ${done}/${all}` },
      ...(infeasible > 0 ? [{ text: `  ${infeasible} infeasible`, paint: colors.yellow }] : []),
      ...(failed > 0 ? [{ text: `  ${failed} failed`, paint: colors.red }] : []),
      ...(paused > 0 ? [{ text: `  ${paused} paused`, paint: colors.yellow }] : []),
      { text: `  ${deviceTime(snapshot)}`, paint: colors.dim },
    ],
  ];
}

function rungLines({ rungs, objectives }: Snapshot, { colors }: Frame): Piece[][] {
  if (rungs.length === 0) return [];
  return [[{ text: `rungs   ${rungWords(rungs, objectives[0])}`, paint: colors.dim }]];
}

function bar(share: number, width: number, colors: Colors): Piece[] {
  const full = Math.round(Math.min(1, Math.max(0, share)) * width);
  return [
    { text: '█'.repeat(full), paint: colors.green },
    { text: '░'.repeat(width - full), paint: colors.dim },
  ];
}

/** Columns of a running trial: heading, width, and the narrowest terminal that shows it. */
const COLUMNS = [
  { title: 'loss', width: 8, from: 0 },
  { title: 'accuracy', width: 9, from: 0 },
  { title: 'pictures/s', width: 11, from: 60 },
] as const;

function runningLines({ running, trials }: Snapshot, frame: Frame): Piece[][] {
  const { colors, width } = frame;
  if (running.length === 0) return [[{ text: 'no trial is running', paint: colors.dim }]];
  const columns = COLUMNS.filter(({ from }) => width >= from);
  const barWidth = width < 80 ? 8 : 16;
  const title = [
    'running'.padEnd(9),
    'epoch'.padEnd(barWidth + 8),
    ...columns.map((column) => column.title.padStart(column.width)),
    ...(width >= 80 ? ['  network'] : []),
  ].join('');
  const shown = running.slice(0, Math.max(1, frame.height - RANKED - 8));
  const hidden = running.length - shown.length;
  return [
    [{ text: title, paint: colors.dim }],
    ...shown.map((trial) =>
      runningLine(trial, { frame, columns, barWidth, first: trials.proposed }),
    ),
    ...(hidden > 0 ? [[{ text: `… and ${hidden} more`, paint: colors.dim }]] : []),
  ];
}

interface Layout {
  readonly frame: Frame;
  readonly columns: readonly (typeof COLUMNS)[number][];
  readonly barWidth: number;
  /** Index of the first final trial. */
  readonly first: number;
}

function runningLine(trial: RunningTrial, layout: Layout): Piece[] {
  const { colors, width } = layout.frame;
  const { progress, purpose, index, state, genotype } = trial;
  const name = purpose === 'Final' ? `final ${index - layout.first + 1}` : `#${index}`;
  const network = width >= 80 ? [{ text: `  ${shortGenotype(genotype)}`, paint: colors.dim }] : [];
  if (progress === undefined) {
    const words = state === 'running' ? 'starting' : 'waiting';
    const rest = layout.columns.reduce((sum, column) => sum + column.width, layout.barWidth + 8);
    return [
      { text: name.padEnd(9) },
      { text: words.padEnd(rest), paint: colors.yellow },
      ...network,
    ];
  }
  const { share, place, values } = stageOf(progress);
  return [
    { text: name.padEnd(9) },
    ...bar(share, layout.barWidth, colors),
    { text: ` ${place}`.padEnd(8) },
    { text: layout.columns.map((column, k) => (values[k] ?? '').padStart(column.width)).join('') },
    ...network,
  ];
}

/** How far a trial is: in its training, or in the attacks that follow. */
function stageOf(progress: Progress) {
  const { epoch, epochs, loss, picturesPerSecond, attacks } = progress;
  if (attacks !== undefined) {
    const place = `${attacks.ended + 1}/${attacks.of}`;
    return { share: attacks.ended / attacks.of, place, values: ['attacks'] };
  }
  const accuracy = progress.validationAccuracy ?? progress.accuracy;
  const values = [
    loss == null ? '' : formatLoss(loss),
    accuracy === undefined ? '' : `${(100 * accuracy).toFixed(1)} %`,
    picturesPerSecond === undefined ? '' : formatCount(picturesPerSecond),
  ];
  return { share: doneShare(progress), place: `${Math.min(epoch + 1, epochs)}/${epochs}`, values };
}

function rankingLines({ best, objectives }: Snapshot, { colors }: Frame): Piece[][] {
  if (best.length === 0) return [[{ text: 'no trial has a score yet', paint: colors.dim }]];
  const shown = best.slice(0, RANKED);
  const score = (trial: RankedTrial) => formatObjectives(objectives, trial.objectives);
  const widest = Math.max(6, ...shown.map((trial) => score(trial).length));
  const title = `${'best'.padEnd(9)}${'score'.padEnd(widest + 2)}${'parameters'.padEnd(12)}network`;
  return [
    [{ text: title, paint: colors.dim }],
    ...shown.map((trial, rank): Piece[] => [
      { text: `${rank + 1}. #${trial.index}`.padEnd(9) },
      { text: score(trial).padEnd(widest + 2), ...(rank === 0 ? { paint: colors.green } : {}) },
      { text: (trial.parameters === undefined ? '' : formatCount(trial.parameters)).padEnd(12) },
      { text: shortGenotype(trial.genotype) },
    ]),
  ];
}

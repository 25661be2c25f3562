// A prediction as people read it.
import { aligned } from '../output/index.ts';
import { formatCount, formatDuration, formatPercent } from '../quantities/index.ts';
import { cut } from '../run/index.ts';
import type { Measured } from './cost-model.ts';
import type { Prediction, Stage } from './prediction.ts';

export function planLines(name: string, prediction: Prediction): string[] {
  const { search, final, deviceSeconds, clockSeconds, slots, limits, price } = prediction;
  const stages = [search, ...(final === undefined ? [] : [final])];
  const rows = [
    ['', 'trainings', 'epochs', 'device time', 'by the clock'],
    ...stages.map((stage, k) => rowOf(k === 0 ? 'search' : 'final', stage)),
    ['all', '', '', formatDuration(deviceSeconds), formatDuration(clockSeconds)],
  ];
  const idle = Math.max(...search.measured.map(({ idleShare }) => idleShare));
  const trainers = slots === 1 ? 'one trainer at a time' : `${slots} trainers at once`;
  const measured = new Set(stages.map((stage) => stage.measured));
  return [
    `${name}, ${trainers}:`,
    ...aligned(rows, NUMBERS),
    '',
    'measured',
    ...aligned(
      [
        ['', 'MACs', 'step', 'start', 'memory'],
        ...[...measured].flatMap((each) => each.map(measuredRow)),
      ],
      NUMBERS,
    ),
    '',
    `memory    ${bytes(prediction.peakBytes)} a trainer, beside that of its device`,
    `pictures  ${formatCount(prediction.picturesPerSecond)} a second for all trainers; steps waited for them ${formatPercent(idle)} of their time`,
    `storage   ${bytes(prediction.keptBytes)} of checkpoints and networks, where all are kept`,
    ...(price === undefined ? [] : [`price     ${price.toFixed(2)}`]),
    ...limits.map((limit) => `limit     ${limit}`),
    ...(stages.some(({ misfit }) => misfit > MUCH)
      ? [
          'beware    steps are not in proportion to MACs: a measured network is more than a quarter off the line; --networks more of them',
        ]
      : []),
  ];
}

const MUCH = 0.25;
const NUMBERS = { gap: '  ', numbers: true };
const GENOTYPE_WIDTH = 40;

const rowOf = (
  name: string,
  { trainings, epochs, deviceSeconds, clockSeconds }: Stage,
): string[] => [
  name,
  String(trainings),
  String(epochs),
  formatDuration(deviceSeconds),
  formatDuration(clockSeconds),
];

const measuredRow = (each: Measured): string[] => [
  cut(each.genotype, GENOTYPE_WIDTH),
  formatCount(each.macs),
  `${(1000 * each.stepSeconds).toPrecision(3)} ms`,
  formatDuration(each.startSeconds),
  bytes(each.peakBytes),
];

const bytes = (count: number): string => `${formatCount(count)}B`;

// What a trial is, edge by edge, what it came to, and what it took: for people, in sections. Pure.
import type { EpochMetrics, Objective } from '../../crds/index.ts';
import { isSupernetText } from '../../crds/index.ts';
import { type Diagram, drawingOf, type Learning } from '../genotype/index.ts';
import { type Attempt, attemptGone, attemptIn, attemptsBegun } from '../place/index.ts';
import {
  formatCount,
  formatDuration,
  formatLoss,
  formatMetric,
  formatObjectives,
  formatPercent,
} from '../quantities/index.ts';
import type { ResultTrial } from '../result/index.ts';
import type { Section } from './sections.ts';

export interface DescribedTrial {
  readonly trial: ResultTrial;
  readonly attempts: readonly Attempt[];
  readonly objectives: readonly Objective[];
}

export function trialSections(of: DescribedTrial): Section[] {
  const { trial } = of;
  return [
    { title: '', fields: identity(of) },
    ...(isSupernetText(trial.genotype) ? [] : networkSections(trial.genotype)),
    { title: 'Measured', fields: measured(trial) },
    { title: 'Rules at the end', table: alignment(trial) },
    { title: 'Attacks', table: attacks(trial) },
    { title: 'Curve', table: curve(trial.epochs) },
    { title: 'Attempts', table: attemptTable(of) },
    { title: 'Files', fields: Object.entries(trial.artifacts) },
  ];
}

function identity({ trial, objectives }: DescribedTrial) {
  const { name, index, purpose, control, state, reason, message, cost, genotype } = trial;
  const values = trial.objectives;
  return [
    ['Trial', name],
    ['Index', index],
    [
      'Purpose',
      control === undefined ? purpose : `${purpose}, control ${control.kind} ${control.name}`,
    ],
    ['State', reason === undefined || reason === state ? state : `${state}, ${reason}`],
    ['Message', message],
    ['Score', values && formatObjectives(objectives, values)],
    ['Beyond the constraints', trial.violation],
    ['Parent', trial.parent],
    ['Variation', trial.variation],
    ['Seed', trial.seed],
    ['Started', trial.startTime],
    ['Ended', trial.completionTime],
    ['Device time', formatDuration(cost.deviceSeconds)],
    ['Genotype', genotype],
  ] as const;
}

function networkSections(genotype: string): Section[] {
  const { diagrams, rest } = drawingOf(genotype);
  return [
    ...diagrams.map((diagram) => ({ title: diagram.title, table: edges(diagram) })),
    { title: 'Other layers', fields: [['rule', rest]] },
  ];
}

function edges(diagram: Diagram): string[][] {
  if (diagram.kind === 'chain')
    return [['LAYER', 'RULE'], ...diagram.layers.map(({ name, rule }) => [name, rule])];
  const labels = new Map(diagram.nodes.map(({ id, label }) => [id, label]));
  const shown = diagram.edges.flatMap(({ from, to, operation, ...learning }) =>
    operation === undefined
      ? []
      : [[labels.get(from) ?? from, labels.get(to) ?? to, operation, ruleOf(learning)]],
  );
  return [['FROM', 'TO', 'OPERATION', 'RULE'], ...shown];
}

const ruleOf = ({ rule, local }: Learning): string => rule ?? (local ? 'local' : '-');

function measured({ metrics, supernet }: ResultTrial) {
  if (metrics === undefined) return [];
  const { seconds, testAccuracy, testLoss, ...objectives } = metrics;
  const known = Object.entries(objectives).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, formatMetric(name as Objective['metric'], value)] as const],
  );
  return [
    ...known,
    ['testAccuracy', testAccuracy === undefined ? undefined : formatPercent(testAccuracy)],
    ['testLoss', testLoss === undefined ? undefined : formatLoss(testLoss)],
    ['seconds', formatDuration(seconds)],
    ['supernet parameters', supernet === undefined ? undefined : formatCount(supernet.parameters)],
  ] as const;
}

const degrees = (angle: number | undefined): string =>
  angle === undefined ? '-' : `${angle.toFixed(1)}°`;

const alignment = (trial: ResultTrial) => [
  ['RULE', 'LAYERS', 'GRADIENT-ANGLE', 'FEEDBACK-ANGLE'],
  ...(trial.alignment ?? []).map(({ rule, layers, gradientAngle, feedbackAngle }) => [
    rule,
    String(layers),
    degrees(gradientAngle),
    degrees(feedbackAngle),
  ]),
];

const attacks = ({ robustness }: ResultTrial) => [
  ['ATTACK', 'SIGNAL', 'NORM', 'BOUND', 'ACCURACY'],
  ...(robustness?.attacks ?? []).map((each) => [
    each.attack,
    'signal' in each && each.signal !== undefined ? each.signal : '-',
    each.norm,
    String(each.bound),
    formatPercent(each.accuracy),
  ]),
];

const percent = (share: number | undefined): string =>
  share === undefined ? '-' : formatPercent(share);
const lossText = (loss: number | null | undefined): string =>
  loss === undefined || loss === null ? '-' : formatLoss(loss);

const curve = (epochs: readonly EpochMetrics[]) => [
  ['EPOCH', 'LOSS', 'ACCURACY', 'VALIDATION-LOSS', 'VALIDATION-ACCURACY', 'SECONDS'],
  ...epochs.map((at) => [
    String(at.epoch),
    lossText(at.loss),
    percent(at.accuracy),
    lossText(at.validationLoss),
    percent(at.validationAccuracy),
    at.seconds.toFixed(1),
  ]),
];

/** A row for each worker that something is left of, and one for every attempt: the history counts all. */
function attemptTable({ trial, attempts }: DescribedTrial): string[][] {
  const length = attemptsBegun(attempts, trial.cost.attempts);
  const rows = Array.from({ length }, (_, attempt) => {
    const gone = { ...attemptGone(trial.name, attempt), phase: 'gone' };
    const others = attempts.filter((each) => each.attempt === attempt && each.worker !== undefined);
    return [attemptIn(attempts, attempt) ?? gone, ...others].map(attemptRow);
  });
  return [['ATTEMPT', 'POD', 'PHASE', 'NODE', 'END'], ...rows.flat()];
}

function attemptRow({ attempt, pod, phase, node, reason, exitCode }: Attempt): string[] {
  const end = exitCode === undefined ? reason : `${reason ?? ''} (${exitCode})`;
  return [String(attempt), pod, phase ?? '-', node ?? '-', end ?? '-'];
}

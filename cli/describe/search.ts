// What a search is, where it stands and why: for people, in sections. Pure; the clock is an argument.
import { type BioNASSearch, durationMs } from '../../crds/index.ts';
import { shortGenotype } from '../genotype/index.ts';
import type { SearchEvent } from '../place/index.ts';
import { formatDuration, formatObjectives } from '../quantities/index.ts';
import type { ResultTrial } from '../result/index.ts';
import { elapsedSeconds } from '../status/index.ts';
import { hasEnded } from '../trials/index.ts';
import type { Section } from './sections.ts';

export interface DescribedSearch {
  readonly search: BioNASSearch;
  readonly trials: readonly ResultTrial[];
  readonly events: readonly SearchEvent[];
  /** Ms since 1970. */
  readonly now: number;
}

const EVENTS_SHOWN = 20;

export function searchSections(of: DescribedSearch): Section[] {
  const { search, events } = of;
  const shown = events.slice(-EVENTS_SHOWN);
  return [
    { title: '', fields: identity(search) },
    { title: 'Spent', fields: spent(of) },
    { title: 'Trials', fields: counts(of) },
    { title: 'Conditions', table: conditions(search) },
    { title: 'Best', table: best(search) },
    { title: 'Final networks', table: finals(search) },
    { title: 'Rungs', table: rungs(search) },
    { title: 'Under way', table: underWay(of) },
    { title: 'Failures', table: failures(of) },
    {
      title: 'Events',
      table: [
        ['TIME', 'TYPE', 'REASON', 'ABOUT', 'MESSAGE'],
        ...shown.map(({ time, type, reason, about, message }) => [
          time,
          type,
          reason,
          about,
          oneLine(message),
        ]),
      ],
    },
  ];
}

const identity = ({ metadata, spec, status }: BioNASSearch) =>
  [
    ['Search', metadata.name],
    ['Namespace', metadata.namespace],
    ['UID', metadata.uid],
    ['Phase', status?.phase ?? 'Pending'],
    ['Space', `${spec.searchSpace.network ?? spec.searchSpace.kind} on ${spec.dataset.name}`],
    ['Algorithm', spec.algorithm.name],
    ['Scheduling', spec.scheduling.name],
    ['Objectives', spec.objectives.map(({ metric, goal }) => `${goal} ${metric}`).join(', ')],
    ['Seed', spec.seed],
    ['Parallelism', spec.parallelism],
    ['Suspended', spec.suspend ? 'yes, by spec.suspend' : undefined],
  ] as const;

function spent({ search, now }: DescribedSearch) {
  const { spec, status } = search;
  const { gpuHours, wallClock, trials, failedTrials } = spec.budget;
  const elapsed = elapsedSeconds(search, now);
  const { succeeded = 0, failed = 0 } = status?.trials ?? {};
  const used = formatDuration(status?.deviceSeconds ?? 0);
  const reserved = status?.reservedDeviceSeconds ?? 0;
  const of = (limit: number | undefined) =>
    limit === undefined ? '' : ` of ${formatDuration(limit)}`;
  const wall = wallClock === undefined ? undefined : durationMs(wallClock) / 1000;
  return [
    ['Trials', `${succeeded + failed} of ${trials}`],
    ['Failed', `${failed}, and fails after ${failedTrials}`],
    [
      'Device time',
      `${used}${of(gpuHours && gpuHours * 3600)}${reserved > 0 ? `, ${formatDuration(reserved)} reserved` : ''}`,
    ],
    ['Time', elapsed === undefined ? undefined : `${formatDuration(elapsed)}${of(wall)}`],
  ] as const;
}

function counts({ search }: DescribedSearch) {
  const { proposed, running, succeeded, infeasible, failed, paused } = search.status?.trials ?? {};
  return [
    ['Proposed', proposed],
    ['Running', running],
    ['Paused', paused],
    ['Succeeded', succeeded],
    ['Infeasible', infeasible],
    ['Failed', failed],
  ] as const;
}

const conditions = ({ status }: BioNASSearch) => [
  ['TYPE', 'STATUS', 'REASON', 'SINCE', 'MESSAGE'],
  ...(status?.conditions ?? []).map((each) => [
    each.type,
    each.status,
    each.reason,
    each.lastTransitionTime,
    oneLine(each.message),
  ]),
];

const best = ({ spec, status }: BioNASSearch) => [
  ['TRIAL', spec.objectives.map(({ metric }) => metric.toUpperCase()).join(' / '), 'NETWORK'],
  ...(status?.best ?? []).map(({ trial, objectives, genotype }) => [
    trial,
    formatObjectives(spec.objectives, objectives),
    shortGenotype(genotype),
  ]),
];

const finals = ({ status }: BioNASSearch) => [
  ['TRIAL', 'TEST-ACCURACY', 'NETWORK'],
  ...(status?.final ?? []).map(({ trial, testAccuracy, genotype }) => [
    trial,
    testAccuracy === undefined ? '-' : formatObjectives([{ metric: 'accuracy' }], [testAccuracy]),
    shortGenotype(genotype),
  ]),
];

const rungs = ({ spec, status }: BioNASSearch) => [
  ['EPOCHS', 'TRIALS', 'WENT-ON', 'BEST'],
  ...(status?.rungs ?? []).map(({ epochs, trials, promoted, best: value }) => [
    String(epochs),
    String(trials),
    String(promoted),
    value === undefined ? '-' : formatObjectives(spec.objectives.slice(0, 1), [value]),
  ]),
];

const underWay = ({ trials }: DescribedSearch) => [
  ['TRIAL', 'STATE', 'ATTEMPT', 'NETWORK'],
  ...trials
    .filter(({ state }) => !hasEnded(state))
    .map(({ name, state, cost, genotype }) => [
      name,
      state,
      String(Math.max(0, cost.attempts - 1)),
      shortGenotype(genotype),
    ]),
];

/** How often each reason, and the last trial that had it. */
function failures({ trials }: DescribedSearch) {
  const failed = Map.groupBy(
    trials.filter(({ state }) => state === 'Failed' || state === 'Diverged'),
    ({ reason, state }) => reason ?? state,
  );
  return [
    ['REASON', 'TRIALS', 'LAST', 'MESSAGE'],
    ...[...failed].map(([reason, those]) => {
      const last = those.at(-1);
      return [reason, String(those.length), last?.name ?? '', oneLine(last?.message ?? '')];
    }),
  ];
}

const LONGEST = 160;

/** Messages of trainers may be pages long; -o json has all of it. */
export function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}

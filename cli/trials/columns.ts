// Columns of trials that several commands show.
import type { BioNASSearchSpec, Objective } from '../../crds/index.ts';
import { shortGenotype } from '../genotype/index.ts';
import type { Column } from '../output/index.ts';
import { formatCount, formatDuration, formatMetric } from '../quantities/index.ts';
import type { ResultTrial } from '../result/index.ts';

type TrialColumn = Column<ResultTrial>;

export const trialObjectName = ({ name }: Pick<ResultTrial, 'name'>): string =>
  `trial.bionas.dev/${name}`;

export const TRIAL: TrialColumn = { title: 'TRIAL', value: ({ name }) => name };
export const STATE: TrialColumn = { title: 'STATE', value: ({ state }) => state };

/** One a metric, `accuracy` as `ACCURACY`. */
export const objectiveColumns = ({ objectives }: Pick<BioNASSearchSpec, 'objectives'>) =>
  objectives.map(objectiveColumn);

function objectiveColumn({ metric }: Objective, k: number): TrialColumn {
  const value = ({ objectives }: ResultTrial) => objectives?.[k];
  const text = (trial: ResultTrial) => {
    const found = value(trial);
    return found === undefined ? '' : formatMetric(metric, found);
  };
  return { title: metric.toUpperCase(), value, text };
}

export const PARAMETERS: TrialColumn = {
  title: 'PARAMETERS',
  value: ({ metrics }) => metrics?.parameters,
  text: ({ metrics }) => (metrics === undefined ? '' : formatCount(metrics.parameters)),
};

export const NETWORK: TrialColumn = {
  title: 'NETWORK',
  value: ({ genotype }) => genotype,
  text: ({ genotype }) => shortGenotype(genotype),
};

/** Of the wide table. */
export const MORE: readonly TrialColumn[] = [
  {
    title: 'MACS',
    wide: true,
    value: ({ metrics }) => metrics?.macs,
    text: ({ metrics }) => (metrics === undefined ? '' : formatCount(metrics.macs)),
  },
  {
    title: 'EPOCHS',
    wide: true,
    value: ({ epochs }) => epochs.at(-1)?.epoch,
  },
  {
    title: 'DEVICE-TIME',
    wide: true,
    value: ({ cost }) => cost.deviceSeconds,
    text: ({ cost }) => formatDuration(cost.deviceSeconds),
  },
  { title: 'PARENT', wide: true, value: ({ parent }) => parent },
];

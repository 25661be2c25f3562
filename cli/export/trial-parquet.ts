// Every trial of a search as a row of Parquet, its learning curve in list columns. Pure.
import type { SchemaElement } from 'hyparquet';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import type { EpochMetrics } from '../../crds/index.ts';
import type { ResultTrial } from '../result/index.ts';
import { TRIAL_FIELDS, type TrialField } from './trial-table.ts';

type Value = string | number | bigint | Date | undefined;

interface ParquetColumn {
  readonly name: string;
  readonly schema: readonly SchemaElement[];
  readonly of: (trial: ResultTrial) => Value | readonly Value[];
}

const OPTIONAL = 'OPTIONAL' as const;

const STORED: Readonly<Record<TrialField['type'], Omit<SchemaElement, 'name'>>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  integer: { type: 'INT64' },
  number: { type: 'DOUBLE' },
  time: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
};

function stored(type: TrialField['type'], value: ReturnType<TrialField['value']>): Value {
  if (value === undefined) return undefined;
  if (type === 'integer') return BigInt(value);
  return type === 'time' ? new Date(value) : value;
}

const scalar = ({ title: name, type, value }: TrialField): ParquetColumn => ({
  name,
  schema: [{ name, repetition_type: OPTIONAL, ...STORED[type] }],
  of: (trial) => stored(type, value(trial)),
});

function list(
  name: string,
  type: 'integer' | 'number',
  of: (trial: ResultTrial) => readonly (number | undefined)[],
): ParquetColumn {
  return {
    name,
    schema: [
      { name, repetition_type: OPTIONAL, converted_type: 'LIST', num_children: 1 },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      { name: 'element', repetition_type: OPTIONAL, ...STORED[type] },
    ],
    of: (trial) => of(trial).map((value) => stored(type, value)),
  };
}

const CURVES = [
  'epoch',
  'loss',
  'accuracy',
  'validationLoss',
  'validationAccuracy',
  'gradientAngle',
  'learningRate',
  'seconds',
  'picturesPerSecond',
] as const satisfies readonly (keyof EpochMetrics)[];

/** `curveLoss`, one entry an epoch. */
const curve = (metric: (typeof CURVES)[number]): ParquetColumn =>
  list(
    `curve${metric.slice(0, 1).toUpperCase()}${metric.slice(1)}`,
    metric === 'epoch' ? 'integer' : 'number',
    ({ epochs }) => epochs.map((each) => each[metric] ?? undefined),
  );

const COLUMNS: readonly ParquetColumn[] = [
  ...TRIAL_FIELDS.map(scalar),
  list('objectives', 'number', ({ objectives = [] }) => objectives),
  ...CURVES.map(curve),
];

export function trialParquet(trials: readonly ResultTrial[]): Uint8Array {
  const columnData = COLUMNS.map(({ name, of }): ColumnSource => ({ name, data: trials.map(of) }));
  const root = { name: 'root', num_children: COLUMNS.length };
  const schema = [root, ...COLUMNS.flatMap((column) => column.schema)];
  return new Uint8Array(parquetWriteBuffer({ columnData, schema, createdBy: 'bionas' }));
}

// The option --executor of verbs that train on this machine.
import { Option } from 'commander';
import { EXECUTOR_NAMES } from '../trainer/executors/index.ts';

type Environment = Readonly<Record<string, string>>;

export const executorOption = (): Option =>
  new Option(
    '--executor <name>',
    'what computes (default: BIONAS_EXECUTOR, else auto: tensorflow where it is installed, else onnx)',
  ).choices(EXECUTOR_NAMES);

/** The environment of trainers that compute by it; as it is where none was named. */
export const withExecutor = (env: Environment, executor: string | undefined): Environment =>
  executor === undefined ? env : { ...env, BIONAS_EXECUTOR: executor };

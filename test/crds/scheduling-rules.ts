// Rules of spec.scheduling, a case each.
import type { RuleCase } from './robustness-rules.ts';

const scheduling = (name: string, settings = {}) => ({ scheduling: { name, ...settings } });
const long = (name: string, settings = {}, epochs = 9) => ({
  ...scheduling(name, settings),
  training: { epochs },
});

interface SettingCase {
  /** Who takes it, and one who does not. */
  readonly by: string;
  readonly notBy: string;
  readonly message: string;
}

function setting(field: string, value: number, { by, notBy, message }: SettingCase): RuleCase {
  const good = long(by, { [field]: value });
  const bad = long(notBy, { [field]: value });
  return { good, bad, path: `spec.scheduling.${field}`, message };
}

export const SCHEDULING_CASES: readonly RuleCase[] = [
  setting('minEpochs', 2, {
    by: 'plateau-stop',
    notBy: 'none',
    message:
      'minEpochs is a setting of asha, successive-halving, hyperband, median-stop, plateau-stop',
  }),
  setting('eta', 4, {
    by: 'hyperband',
    notBy: 'median-stop',
    message: 'eta is a setting of asha, successive-halving, hyperband',
  }),
  setting('networks', 9, {
    by: 'successive-halving',
    notBy: 'hyperband',
    message: 'networks is a setting of successive-halving',
  }),
  setting('others', 5, {
    by: 'median-stop',
    notBy: 'plateau-stop',
    message: 'others is a setting of median-stop',
  }),
  setting('patience', 5, {
    by: 'plateau-stop',
    notBy: 'asha',
    message: 'patience is a setting of plateau-stop',
  }),
  setting('minDelta', 0.01, {
    by: 'plateau-stop',
    notBy: 'asha',
    message: 'minDelta is a setting of plateau-stop',
  }),
  {
    good: long('asha'),
    bad: { ...long('asha'), objectives: [{ metric: 'parameters', goal: 'minimize' }] },
    path: 'spec.scheduling.name',
    message:
      'scheduling compares networks that are not trained to the end: the first objective is accuracy or loss',
  },
  {
    good: long('asha', { minEpochs: 8 }),
    bad: long('asha', {}, 1),
    path: 'spec.scheduling',
    message:
      'the first rung comes before the end: scheduling.minEpochs is less than training.epochs',
  },
  {
    good: long('median-stop', {}, 300),
    bad: long('median-stop', {}, 301),
    path: 'spec.scheduling.name',
    message: 'median-stop compares epoch by epoch: training.epochs is at most 300',
  },
];

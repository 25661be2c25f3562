// What the search was told: the settings that matter most, and the whole spec.
import { stringify } from 'yaml';
import { type Final, spaceSize } from '../../crds/index.ts';
import { formatMetric } from '../quantities/index.ts';
import type { SearchResult } from '../result/index.ts';
import { html, type Markup } from './html.ts';

export function settingsMarkup({ spec, trials, seed }: SearchResult): Markup {
  const { searchSpace, dataset, training, algorithm, budget, final, parallelism } = spec;
  const executor = trials.find(({ metrics }) => metrics !== undefined);
  const entries: readonly (readonly [string, string])[] = [
    ['objectives', spec.objectives.map(({ metric, goal }) => `${goal} ${metric}`).join(', ')],
    ...(spec.constraints.length === 0 ? [] : [['constraints', constraintsText(spec)] as const]),
    [
      'search space',
      `${searchSpace.network ?? searchSpace.kind}, ${sized(spaceSize(searchSpace))} networks`,
    ],
    [
      'learning rules',
      `${searchSpace.learningRules.join(', ')} (${searchSpace.conversion} conversion)`,
    ],
    [
      'data set',
      `${dataset.name}, ${dataset.trainPictures ?? 'all'} training, ${dataset.validationPictures} validation pictures`,
    ],
    [
      'training',
      `${training.epochs} ${training.epochs === 1 ? 'epoch' : 'epochs'}, batch ${training.batchSize}, ${training.optimizer.name} ${training.optimizer.learningRate}, ${training.schedule.name}`,
    ],
    ['algorithm', algorithm.name],
    ['budget', `${budget.trials} trials, ${parallelism} at once`],
    ['final stage', finalText(final, training.epochs)],
    ['controls', controlsText(final)],
    ['seed', String(seed)],
    ...(executor?.metrics === undefined
      ? []
      : [
          [
            'training rate',
            `${Math.round(executor.metrics.picturesPerSecond)} pictures/s`,
          ] as const,
        ]),
  ];
  const rows = entries.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`);
  return html`<dl>${rows}</dl><details><summary>The whole spec, defaults filled in</summary><div class="scroll"><pre>${stringify(spec)}</pre></div></details>`;
}

const constraintsText = ({ constraints }: SearchResult['spec']): string =>
  constraints
    .flatMap(({ metric, min, max }) => [
      ...(min === undefined ? [] : [`${metric} at least ${formatMetric(metric, min)}`]),
      ...(max === undefined ? [] : [`${metric} at most ${formatMetric(metric, max)}`]),
    ])
    .join(', ');

function finalText({ topK, training, seeds }: Final, searched: number): string {
  if (topK === 0) return 'none';
  const epochs = training.epochs ?? searched;
  return `best ${topK}, ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'} on all training pictures, ${seeds} ${seeds === 1 ? 'seed' : 'seeds'}`;
}

function controlsText({ controls: { rules, conversion, random, shuffled } }: Final): string {
  const parts = [
    ...(rules.length === 0 ? [] : [`${rules.join(', ')} throughout`]),
    ...(conversion ? ['the other conversion'] : []),
    ...(random === 0 ? [] : [`${random} × random rules`]),
    ...(shuffled === 0 ? [] : [`${shuffled} × shuffled rules`]),
  ];
  return parts.length === 0 ? 'none' : parts.join('; ');
}

function sized(count: bigint): string {
  if (count < 1_000_000n) return count.toLocaleString('en');
  const digits = String(count);
  return `${digits[0]}.${digits[1]} × 10^${digits.length - 1}`;
}

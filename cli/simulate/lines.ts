// What a simulation says on a terminal. Pure.
import { aligned } from '../output/index.ts';
import { formatDuration, formatPercent, formatPoints } from '../quantities/index.ts';
import type { Chance } from './chance.ts';
import type { SearchSimulation, SimulationResult } from './simulation.ts';

interface Column {
  readonly title: string;
  readonly text: (simulation: SearchSimulation) => string;
}

export function simulationLines(result: SimulationResult): string[] {
  const columns = columnsOf(result);
  const rows = [
    columns.map(({ title }) => title),
    ...result.simulations.map((simulation) => columns.map(({ text }) => text(simulation))),
  ];
  return [
    ...tableLines(result),
    '',
    ...aligned(rows, { gap: '  ' }).map((line) => line.trimEnd()),
    ...coverageLines(result),
  ];
}

function tableLines({ table, seeds }: SimulationResult): string[] {
  const { file, networks, epochs, dataset, bestAccuracy, chance, notes } = table;
  const pictures = dataset === undefined ? '' : ` on ${dataset}`;
  return [
    `${file}: ${networks} networks${pictures}, ${epochs} epochs each; the best has ${formatPercent(bestAccuracy)}`,
    chanceLine(chance),
    ...notes,
    `medians of ${seeds} ${seeds === 1 ? 'seed' : 'seeds'}; regret is how far the leader, trained to its end, is below the best [points]`,
  ];
}

function chanceLine(chance: Chance | undefined): string {
  if (chance === undefined)
    return 'no network of it was trained twice: how much is chance cannot be told';
  const { deviation, networks, besideTheBest } = chance;
  return `chance: by its seed a training's accuracy has a standard deviation of ${formatPoints(deviation)} points (${networks} networks trained again); ${besideTheBest} of the table, the best among them, are that near to the best`;
}

function columnsOf({ simulations, timeUnit, seeds }: SimulationResult): Column[] {
  const seconds = timeUnit === 'seconds';
  const several = simulations.length > 1;
  return [
    { title: 'search', text: ({ name }) => name },
    { title: 'algorithm', text: ({ algorithm }) => algorithm },
    { title: 'scheduling', text: ({ scheduling }) => scheduling },
    { title: 'networks', text: ({ networks }) => String(Math.round(networks)) },
    { title: 'epochs', text: ({ epochs }) => String(Math.round(epochs)) },
    {
      title: seconds ? 'time' : 'time [mean epochs]',
      text: ({ time }) => (seconds ? formatDuration(time) : time.toFixed(0)),
    },
    { title: 'best', text: ({ accuracy }) => formatPercent(accuracy) },
    {
      title: 'regret (quartiles)',
      text: ({ regret: { low, median, high } }) =>
        `${formatPoints(median)} (${formatPoints(low)} to ${formatPoints(high)})`,
    },
    { title: 'found the best', text: ({ foundBest }) => `${foundBest}/${seeds}` },
    ...(several ? [{ title: `beats ${simulations[0]?.name}`, text: duelWords }] : []),
  ];
}

const duelWords = ({ againstFirst }: SearchSimulation): string => {
  if (againstFirst === undefined) return '';
  const { ahead, level, behind } = againstFirst;
  return `${ahead}, level ${level}, behind ${behind}`;
};

/** Where a table has not all networks, what was asked in vain is said. */
function coverageLines({ simulations }: SimulationResult): string[] {
  return simulations.flatMap(({ name, known, space, unknown }) =>
    String(known) === space
      ? []
      : [
          `${name}: the table has ${known} of the ${space} networks of its space; ${Math.round(unknown)} proposals that it has not were passed over, as if never made`,
        ],
  );
}

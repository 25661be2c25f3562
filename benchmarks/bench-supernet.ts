// `make bench-supernet`: whether a supernet ranks cells as training them alone does (Kendall's tau-b), and what a step of each kind of
// supernet costs at the paper's configuration. Hours on 2 cores; a run that was stopped goes on where it was. Writes
// results/supernet-ranking.json and results/supernet-cost.json, but for `--size tiny`, which is a try. `--only ranking` or `cost`: one.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { writeResult } from './results.ts';
import { type CostPlan, costs } from './supernet/cost.ts';
import { secondsOfGeneration } from './supernet/evolution-strategy.ts';
import { type RankingPlan, rank } from './supernet/ranking.ts';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: 'full' },
    only: { type: 'string' },
    networks: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
  },
});
const tiny = values.size === 'tiny';
const seed = Number(values.seed);

const ranking: RankingPlan = tiny
  ? {
      ...{ seed, networks: 2, supernetEpochs: 1, aloneEpochs: 1 },
      ...{ trainPictures: 256, validationPictures: 250 },
    }
  : {
      ...{ seed, networks: Number(values.networks), supernetEpochs: 60, aloneEpochs: 10 },
      ...{ trainPictures: 8000, validationPictures: 2000 },
    };
const cost: CostPlan = tiny
  ? { cells: 3, channels: 4, batches: [1, 2], steps: 1 }
  : { cells: 8, channels: 16, batches: [2, 4, 8, 16, 32, 64], steps: 3 };

const machine = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`;

async function rankAndTell(): Promise<void> {
  const ranked = await rank(ranking);
  console.log(`Kendall's tau-b: ${ranked.tau.toFixed(3)} [${ranked.low}, ${ranked.high}]`);
  if (tiny) return;
  await writeResult('supernet-ranking', {
    machine,
    what: "Kendall's tau-b of accuracy in a supernet of single paths and alone (Fashion-MNIST, 3 cells, 8 channels)",
    ratios: {},
    ranking: { ...ranking, ...ranked },
  });
}

async function measureAndTell(): Promise<void> {
  const spent = await costs(cost);
  const generation = Object.fromEntries(
    [7, 10, 19].map((candidates) => [`${candidates} candidates`, secondsOfGeneration(candidates)]),
  );
  console.log('CMA-ES, CPU seconds of a generation:', generation);
  const against = (peer: 'darts' | 'alone', of: 'milliseconds' | 'rssMegabytes') =>
    round(spent['one-shot'][of] / spent[peer][of]);
  const ratios = {
    'time of a step, one-shot / darts': against('darts', 'milliseconds'),
    'memory, one-shot / darts': against('darts', 'rssMegabytes'),
    'time of a step, one-shot / one network alone': against('alone', 'milliseconds'),
    'memory, one-shot / one network alone': against('alone', 'rssMegabytes'),
  };
  console.log(ratios);
  if (tiny) return;
  await writeResult('supernet-cost', {
    machine,
    what:
      'Milliseconds and peak megabytes of a step (8 cells, 16 channels, batch 64, 32 x 32 pictures, 20 candidates an edge, eg with a ' +
      'quarter of the channels); CPU seconds of a generation of CMA-ES',
    ratios,
    steps: spent,
    generation,
  });
}

if (values.only !== 'cost') await rankAndTell();
if (values.only !== 'ranking') await measureAndTell();

function round(value: number): number {
  return Math.round(1000 * value) / 1000;
}

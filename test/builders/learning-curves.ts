// A table of learning curves on top of the synthetic table: how a network of its space would train, epoch by epoch. Nothing is
// stored, and nothing was fitted to a scheduler: it was written before the first one ran on it.
//
// value(e) = chance + (score - chance) * (1 - exp(-e / tau)) / (1 - exp(-R / tau)) + noise of the text and the epoch
// tau grows with the share of FA among the edges, which starts slowly: networks overtake one another.
import { createHash } from 'node:crypto';
import type { SimulatedNetwork } from '../../operator/search/simulation/index.ts';
import { makeSyntheticTable } from './synthetic-table.ts';

const CHANCE = 0.1;
/** Standard deviation of a validation accuracy on 5,000 pictures near 0.8, about. */
const NOISE = 0.005;
/** Of the whole training. */
const TAU = 0.12;
const TAU_OF_FA = 0.2;

export function makeCurveTable(epochs: number, seed = 1): (genotype: string) => SimulatedNetwork {
  const table = makeSyntheticTable(seed);
  const known = new Map<string, SimulatedNetwork>();
  const networkOf = (genotype: string): SimulatedNetwork => {
    const slow = (genotype.match(/:FA/g) ?? []).length / 6;
    const tau = (TAU + TAU_OF_FA * slow) * epochs;
    const score = table.score(genotype);
    const curve = Array.from({ length: epochs }, (_, k) => {
      const risen = (1 - Math.exp(-(k + 1) / tau)) / (1 - Math.exp(-epochs / tau));
      const noise = k === epochs - 1 ? 0 : NOISE * gaussian(`${seed} ${genotype} ${k}`);
      return Math.min(1, Math.max(0, CHANCE + (score - CHANCE) * risen + noise));
    });
    return { curve, epochSeconds: 1 + uniform(`${seed} ${genotype} seconds`) };
  };
  return (genotype) => {
    const network = known.get(genotype) ?? networkOf(genotype);
    known.set(genotype, network);
    return network;
  };
}

function words(text: string): [number, number] {
  const digest = createHash('sha256').update(text).digest();
  return [(digest.readUInt32BE(0) + 1) / 2 ** 32, digest.readUInt32BE(4) / 2 ** 32];
}

const uniform = (text: string): number => words(text)[1];

/** Box & Muller 1958. */
function gaussian(text: string): number {
  const [u, v] = words(text);
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
}

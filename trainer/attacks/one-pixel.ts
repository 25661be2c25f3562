// One-pixel attack: differential evolution over places and colours of a few pixels, by the probability of the right answer.
// DE/best/1 with dithered weight (0.5 to 1) and full crossover, a population of 150: as in torchattacks, which takes SciPy's.
import type { Random } from '../random.ts';
import { losses, predictions } from './answers.ts';
import type { Attack, AttackedModel } from './attack.ts';

const POPULATION = 150;
/** Pictures evolved side by side, to fill batches and to bound memory. */
const ABREAST = 8;

export const attack: Attack = {
  name: 'one-pixel',
  source: 'Su, Vargas & Sakurai 2019 (1710.08864)',
  asks: 'answers',
  budget: ({ steps = 30 }) => (steps + 1) * POPULATION,
  pixels: ({ pixels = [1] }) => pixels,
  async perturb(model, { x, labels }, { bound, budget, random }) {
    const size = x.length / labels.length;
    const found = x.slice();
    const pixels = Math.min(bound, model.height * model.width);
    for (let first = 0; first < labels.length; first += ABREAST) {
      const group = [...labels.keys()].slice(first, first + ABREAST).map((i) => {
        const picture = x.subarray(i * size, (i + 1) * size);
        const population = spread(pixels * (2 + model.channels), random);
        return { i, picture, label: labels[i] ?? -1, population, energy: [] as number[] };
      });
      await evolve(model, group, { generations: budget / POPULATION - 1, random });
      for (const one of group)
        found.set(painted(model, one.picture, best(one).genes), one.i * size);
    }
    return found;
  },
};

/** A number a gene in [0, 1): of each pixel its row, its column and its colours. */
type Genes = readonly number[];

interface Evolved {
  readonly picture: Float32Array;
  readonly label: number;
  population: Genes[];
  /** Loss of each member, to be raised. */
  energy: number[];
}

/** Latin hypercube: every gene takes each of POPULATION strata once. */
function spread(genes: number, random: Random): Genes[] {
  const columns = Array.from({ length: genes }, () => {
    const order = random.shuffle(Int32Array.from({ length: POPULATION }, (_, i) => i));
    return Array.from(order, (stratum) => (stratum + random.uniform()) / POPULATION);
  });
  return Array.from({ length: POPULATION }, (_, i) => columns.map((column) => column[i] ?? 0));
}

interface Evolution {
  readonly generations: number;
  readonly random: Random;
}

async function evolve(
  model: AttackedModel,
  group: readonly Evolved[],
  { generations, random }: Evolution,
): Promise<void> {
  const first = await judge(
    model,
    group.map((one) => ({ one, members: one.population })),
  );
  for (const [i, one] of group.entries()) one.energy = first[i]?.energy ?? [];
  let open = group.filter((_, i) => !isFooled(first[i]));
  for (let generation = 0; generation < generations && open.length > 0; generation++) {
    const weight = 0.5 + 0.5 * random.uniform();
    const tried = open.map((one) => ({ one, members: offspring(one, weight, random) }));
    const judged = await judge(model, tried);
    for (const [i, { one, members }] of tried.entries()) select(one, members, judged[i]?.energy);
    open = open.filter((_, i) => !isFooled(judged[i]));
  }
}

/** best + F (a - b), genes outside drawn anew. */
function offspring(one: Evolved, weight: number, random: Random): Genes[] {
  const leader = best(one).genes;
  const any = (): Genes => one.population[random.int(POPULATION)] ?? leader;
  return one.population.map(() => {
    const [a, b] = [any(), any()];
    return leader.map((gene, k) => {
      const moved = gene + weight * ((a[k] ?? 0) - (b[k] ?? 0));
      return moved >= 0 && moved < 1 ? moved : random.uniform();
    });
  });
}

function select(one: Evolved, members: readonly Genes[], energy: readonly number[] = []): void {
  for (const [i, genes] of members.entries()) {
    if (!((energy[i] ?? Number.NaN) >= (one.energy[i] ?? 0))) continue;
    one.population[i] = genes;
    one.energy[i] = energy[i] ?? 0;
  }
}

function best({ population, energy }: Evolved): { genes: Genes } {
  const leader = energy.reduce((top, value, i) => (value > (energy[top] ?? 0) ? i : top), 0);
  return { genes: population[leader] ?? [] };
}

interface Judged {
  readonly energy: number[];
  readonly fooled: boolean;
}

const isFooled = (judged: Judged | undefined): boolean => judged?.fooled ?? false;

/** Loss of each member; whether the one of the largest loss is told wrong. */
async function judge(
  model: AttackedModel,
  groups: readonly { readonly one: Evolved; readonly members: readonly Genes[] }[],
): Promise<Judged[]> {
  const size = model.height * model.width * model.channels;
  const x = new Float32Array(groups.length * POPULATION * size);
  const labels = new Int32Array(groups.length * POPULATION);
  for (const [k, { one, members }] of groups.entries())
    for (const [i, genes] of members.entries()) {
      x.set(painted(model, one.picture, genes), (k * POPULATION + i) * size);
      labels[k * POPULATION + i] = one.label;
    }
  const logits = await model.answer({ x, labels });
  const told = predictions(logits, model.classes);
  const loss = losses(logits, labels);
  return groups.map(({ one }, k) => {
    const energy = Array.from(loss.subarray(k * POPULATION, (k + 1) * POPULATION));
    const top = energy.indexOf(Math.max(...energy));
    return { energy, fooled: told[k * POPULATION + top] !== one.label };
  });
}

function painted(
  { height, width, channels }: AttackedModel,
  picture: Float32Array,
  genes: Genes,
): Float32Array {
  const changed = picture.slice();
  for (let from = 0; from < genes.length; from += 2 + channels) {
    const [row = 0, column = 0, ...colour] = genes.slice(from, from + 2 + channels);
    const at = (Math.floor(row * height) * width + Math.floor(column * width)) * channels;
    changed.set(colour, at);
  }
  return changed;
}

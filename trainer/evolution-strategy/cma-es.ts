// CMA-ES (Hansen, The CMA Evolution Strategy: A Tutorial, arXiv 1604.00772v2, algorithm of appendix A, with negative weights).
// Minimises. init/ask/tell over plain data, so that a state can be kept in a checkpoint; normal draws are an argument.

import { type Strategy, strategyOf } from './strategy.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

type Vector = readonly number[];
type Matrix = readonly Vector[];

/** Plain JSON. n: dimension. */
export interface CmaState {
  /** lambda: candidates of a generation. */
  readonly population: number;
  readonly generation: number;
  /** m [n] */
  readonly mean: Vector;
  readonly sigma: number;
  /** C [n][n]; B D^2 B^T is what it was in the generation that it was last decomposed in. */
  readonly C: Matrix;
  readonly decomposed: number;
  readonly B: Matrix;
  /** [n] */
  readonly D: Vector;
  /** Evolution paths [n]: of the step size, and of the covariance. */
  readonly pSigma: Vector;
  readonly pC: Vector;
}

export interface Scored {
  readonly x: Vector;
  /** The smaller the better; not NaN. */
  readonly loss: number;
}

/** Under a variance that rounding or negative weights made negative. */
const LEAST_VARIANCE = 1e-16;

export interface Start {
  readonly mean: Vector;
  readonly sigma: number;
  /** Default: 4 + floor(3 ln n). */
  readonly population?: number;
}

/** @throws RangeError for no dimension, a sigma that is not positive, or fewer than 2 candidates */
export function init({ mean, sigma, population }: Start): CmaState {
  const n = mean.length;
  const lambda = population ?? 4 + Math.floor(3 * Math.log(n));
  if (n < 1) throw new RangeError('CMA-ES: expected a mean of at least 1 number, got none');
  if (!(sigma > 0)) throw new RangeError(`CMA-ES: expected a sigma above 0, got ${sigma}`);
  if (lambda < 2) throw new RangeError(`CMA-ES: expected at least 2 candidates, got ${lambda}`);
  const identity = mean.map((_, i) => mean.map((__, j) => (i === j ? 1 : 0)));
  const zeros = mean.map(() => 0);
  return {
    population: lambda,
    generation: 0,
    mean: [...mean],
    sigma,
    C: identity,
    decomposed: 0,
    B: identity,
    D: mean.map(() => 1),
    pSigma: zeros,
    pC: zeros,
  };
}

/** The candidates of a generation: x = m + sigma B D z, with z of independent standard normal draws. */
export function ask({ population, mean, sigma, B, D }: CmaState, normal: () => number): number[][] {
  return Array.from({ length: population }, () => {
    const Dz = D.map((d) => d * normal());
    return mean.map((m, i) => m + sigma * dot(B[i] ?? [], Dz));
  });
}

/** The state after a generation. @throws RangeError where it is not one candidate of each that was asked for */
export function tell(state: CmaState, scored: readonly Scored[]): CmaState {
  const { population, generation, mean, sigma } = state;
  if (scored.length !== population)
    throw new RangeError(`CMA-ES: expected ${population} scored candidates, got ${scored.length}`);
  const n = mean.length;
  const strategy = strategyOf(n, population);
  const { weights, mu, muEff, cC } = strategy;
  const y = stepsOf(state, scored);
  const yW = mean.map((_, i) =>
    y.slice(0, mu).reduce((sum, each, k) => sum + (weights[k] ?? 0) * (each[i] ?? 0), 0),
  );
  const { pSigma, factor, waits } = stepSize(state, strategy, whitened(state, yW));
  const pC = path(state.pC, waits ? mean.map(() => 0) : yW, cC, muEff);
  // A long step counts less against its direction, so that C stays positive definite.
  const outer = y.map((each, k) => {
    const w = weights[k] ?? 0;
    return w >= 0 ? w : (w * n) / (norm(whitened(state, each)) ** 2 + 1e-8);
  });
  const C = covariance(state.C, { strategy, pC, waits, y, outer });
  return {
    ...decomposition(state, C, strategy),
    population,
    generation: generation + 1,
    mean: mean.map((m, i) => m + sigma * (yW[i] ?? 0)),
    sigma: sigma * factor,
    C,
    pSigma,
    pC,
  };
}

/** Of C after the generation, once it is due: each one changes it so little that n of them cost no more than n samples (appendix B.2). */
function decomposition(
  { mean, generation, decomposed, B, D }: CmaState,
  C: Matrix,
  { c1, cMu }: Strategy,
): Pick<CmaState, 'B' | 'D' | 'decomposed'> {
  const every = Math.max(1, Math.floor(1 / (10 * mean.length * (c1 + cMu))));
  if (generation + 1 - decomposed < every) return { B, D, decomposed };
  const { values, vectors } = symmetricEigen(C);
  return {
    B: vectors,
    D: values.map((value) => Math.sqrt(Math.max(value, LEAST_VARIANCE))),
    decomposed: generation + 1,
  };
}

/** (x - m) / sigma of each candidate, the best first. */
const stepsOf = ({ mean, sigma }: CmaState, scored: readonly Scored[]): number[][] =>
  scored
    .toSorted((a, b) => a.loss - b.loss)
    .map(({ x }) => x.map((xi, i) => (xi - (mean[i] ?? 0)) / sigma));

/** C^-1/2 v = B D^-1 B^T v */
function whitened({ B, D }: CmaState, v: Vector): number[] {
  const turned = D.map((d, k) => v.reduce((sum, vi, i) => sum + (B[i]?.[k] ?? 0) * vi, 0) / d);
  return B.map((row) => dot(row, turned));
}

/** The path of the step size, its growth, and whether the covariance's path waits because it grows too fast. */
function stepSize({ pSigma, generation }: CmaState, strategy: Strategy, step: Vector) {
  const { muEff, cSigma, dSigma, chi } = strategy;
  const next = path(pSigma, step, cSigma, muEff);
  const length = norm(next);
  const settled = length / Math.sqrt(1 - (1 - cSigma) ** (2 * (generation + 1)));
  return {
    pSigma: next,
    factor: Math.exp((cSigma / dSigma) * (length / chi - 1)),
    waits: settled >= (1.4 + 2 / (step.length + 1)) * chi,
  };
}

/** (1 - c) p + sqrt(c (2 - c) muEff) v */
const path = (p: Vector, v: Vector, c: number, muEff: number): number[] =>
  p.map((pi, i) => (1 - c) * pi + Math.sqrt(c * (2 - c) * muEff) * (v[i] ?? 0));

interface Learned {
  readonly strategy: Strategy;
  readonly pC: Vector;
  readonly waits: boolean;
  readonly y: Matrix;
  /** Weight of each y y^T. */
  readonly outer: Vector;
}

/** (1 + c1 delta - c1 - cMu sum w) C + c1 pC pC^T + cMu sum w y y^T */
function covariance(C: Matrix, { strategy, pC, waits, y, outer }: Learned): number[][] {
  const { weights, c1, cMu, cC } = strategy;
  const delta = waits ? cC * (2 - cC) : 0;
  const kept = 1 + c1 * delta - c1 - cMu * weights.reduce((sum, w) => sum + w, 0);
  const next = C.map((row) => row.map(() => 0));
  for (const [i, row] of next.entries())
    for (let j = 0; j <= i; j++) {
      const rankMu = y.reduce((sum, v, k) => sum + (outer[k] ?? 0) * (v[i] ?? 0) * (v[j] ?? 0), 0);
      const value = kept * (C[i]?.[j] ?? 0) + c1 * (pC[i] ?? 0) * (pC[j] ?? 0) + cMu * rankMu;
      row[j] = value;
      (next[j] as number[])[i] = value;
    }
  return next;
}

const dot = (a: Vector, b: Vector): number => a.reduce((sum, ai, i) => sum + ai * (b[i] ?? 0), 0);
const norm = (v: Vector): number => Math.hypot(...v);

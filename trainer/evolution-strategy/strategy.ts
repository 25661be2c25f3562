// The constants of CMA-ES (Hansen, arXiv 1604.00772v2, table 1): what follows from dimension and population alone.

export interface Strategy {
  /** [lambda]: of the best first; the worse half is negative. */
  readonly weights: readonly number[];
  /** Candidates that move the mean. */
  readonly mu: number;
  readonly muEff: number;
  /** Of the step size: rate of its path, damping. */
  readonly cSigma: number;
  readonly dSigma: number;
  /** Of the covariance: rate of its path, of its rank-one and its rank-mu update. */
  readonly cC: number;
  readonly c1: number;
  readonly cMu: number;
  /** E |N(0, I)| */
  readonly chi: number;
}

const ALPHA = 2;
const total = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0);
/** (sum w)^2 / sum w^2 */
const effective = (w: readonly number[]): number => total(w) ** 2 / total(w.map((wi) => wi ** 2));

export function strategyOf(n: number, lambda: number): Strategy {
  const raw = Array.from(
    { length: lambda },
    (_, i) => Math.log((lambda + 1) / 2) - Math.log(i + 1),
  );
  const mu = Math.floor(lambda / 2);
  const muEff = effective(raw.slice(0, mu));
  const muEffMinus = effective(raw.slice(mu));
  const c1 = ALPHA / ((n + 1.3) ** 2 + muEff);
  const cMu = Math.min(
    1 - c1,
    (ALPHA * (muEff - 2 + 1 / muEff)) / ((n + 2) ** 2 + (ALPHA * muEff) / 2),
  );
  const cSigma = (muEff + 2) / (n + muEff + 5);
  const dSigma = 1 + 2 * Math.max(0, Math.sqrt((muEff - 1) / (n + 1)) - 1) + cSigma;
  const cC = (4 + muEff / n) / (n + 4 + (2 * muEff) / n);
  // Negative weights weigh as much as keeps C positive definite (equations 50 to 53).
  const minus = Math.min(
    1 + c1 / cMu,
    1 + (2 * muEffMinus) / (muEff + 2),
    (1 - c1 - cMu) / (n * cMu),
  );
  const positive = total(raw.filter((w) => w > 0));
  const negative = -total(raw.filter((w) => w < 0));
  const weights = raw.map((w) => (w >= 0 ? w / positive : (minus * w) / negative));
  const chi = Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n ** 2));
  return { weights, mu, muEff, cSigma, dSigma, cC, c1, cMu, chi };
}

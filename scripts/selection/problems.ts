// Test problems of multi-objective optimisation, all minimised over [0, 1]^n: ZDT (Zitzler, Deb & Thiele 2000), DTLZ (Deb et al. 2002),
// and with constraints BNH (Binh & Korn 1997), TNK (Tanaka et al. 1995) and OSY (Osyczka & Kundu 1995), normalised as pymoo does.
export interface Problem {
  readonly name: 'zdt1' | 'zdt2' | 'zdt3' | 'dtlz2' | 'bnh' | 'tnk' | 'osy';
  readonly variables: number;
  /** Beyond every last population. */
  readonly reference: readonly number[];
  evaluate(x: readonly number[]): number[];
  /** Sum over constraints g(x) <= 0 of what is above 0; absent where there are none. */
  violation?(x: readonly number[]): number;
}

const zdt = (name: Problem['name'], shape: (f1: number, g: number) => number): Problem => ({
  name,
  variables: 30,
  reference: [2, 2],
  evaluate([f1 = 0, ...rest]) {
    const g = 1 + (9 * rest.reduce((sum, value) => sum + value, 0)) / rest.length;
    return [f1, g * shape(f1, g)];
  },
});

const dtlz2: Problem = {
  name: 'dtlz2',
  variables: 12,
  reference: [2, 2, 2],
  evaluate([a = 0, b = 0, ...rest]) {
    const radius = 1 + rest.reduce((sum, value) => sum + (value - 0.5) ** 2, 0);
    const [u, v] = [(a * Math.PI) / 2, (b * Math.PI) / 2];
    return [Math.cos(u) * Math.cos(v), Math.cos(u) * Math.sin(v), Math.sin(u)].map(
      (part) => radius * part,
    );
  },
};

const beyond = (...g: readonly number[]): number =>
  g.reduce((sum, value) => sum + Math.max(0, value), 0);

const bnh: Problem = {
  name: 'bnh',
  variables: 2,
  reference: [140, 50],
  evaluate([u = 0, v = 0]) {
    const [a, b] = [5 * u, 3 * v];
    return [4 * a ** 2 + 4 * b ** 2, (a - 5) ** 2 + (b - 5) ** 2];
  },
  violation([u = 0, v = 0]) {
    const [a, b] = [5 * u, 3 * v];
    return beyond(((a - 5) ** 2 + b ** 2 - 25) / 25, (7.7 - (a - 8) ** 2 - (b + 3) ** 2) / 7.7);
  },
};

const tnk: Problem = {
  name: 'tnk',
  variables: 2,
  reference: [1.2, 1.2],
  evaluate: (x) => x.map((value) => value * Math.PI),
  violation(x) {
    const [a = 0, b = 0] = this.evaluate(x);
    const wave = 0.1 * Math.cos(16 * Math.atan(a / Math.max(b, 1e-30)));
    return beyond(1 + wave - a ** 2 - b ** 2, 2 * ((a - 0.5) ** 2 + (b - 0.5) ** 2) - 1);
  },
};

const osyAt = ([u = 0, v = 0, w = 0, p = 0, q = 0, r = 0]: readonly number[]) =>
  [10 * u, 10 * v, 1 + 4 * w, 6 * p, 1 + 4 * q, 10 * r] as const;

const osy: Problem = {
  name: 'osy',
  variables: 6,
  reference: [0, 80],
  evaluate(x) {
    const [a, b, c, d, e, f] = osyAt(x);
    const far = 25 * (a - 2) ** 2 + (b - 2) ** 2 + (c - 1) ** 2 + (d - 4) ** 2 + (e - 1) ** 2;
    return [-far, a ** 2 + b ** 2 + c ** 2 + d ** 2 + e ** 2 + f ** 2];
  },
  violation(x) {
    const [a, b, c, d, e, f] = osyAt(x);
    const sides = [(2 - a - b) / 2, (a + b - 6) / 6, (b - a - 2) / 2, (a - 3 * b - 2) / 2];
    return beyond(...sides, ((c - 3) ** 2 + d - 4) / 4, (4 - (e - 3) ** 2 - f) / 4);
  },
};

export const PROBLEMS: readonly Problem[] = [
  zdt('zdt1', (f1, g) => 1 - Math.sqrt(f1 / g)),
  zdt('zdt2', (f1, g) => 1 - (f1 / g) ** 2),
  zdt('zdt3', (f1, g) => 1 - Math.sqrt(f1 / g) - (f1 / g) * Math.sin(10 * Math.PI * f1)),
  dtlz2,
  bnh,
  tnk,
  osy,
];

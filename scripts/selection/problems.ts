// Test problems of multi-objective optimisation, all minimised over [0, 1]^n: ZDT (Zitzler, Deb & Thiele 2000), DTLZ (Deb et al. 2002).
export interface Problem {
  readonly name: 'zdt1' | 'zdt2' | 'zdt3' | 'dtlz2';
  readonly variables: number;
  evaluate(x: readonly number[]): number[];
}

const zdt = (name: Problem['name'], shape: (f1: number, g: number) => number): Problem => ({
  name,
  variables: 30,
  evaluate([f1 = 0, ...rest]) {
    const g = 1 + (9 * rest.reduce((sum, value) => sum + value, 0)) / rest.length;
    return [f1, g * shape(f1, g)];
  },
});

const dtlz2: Problem = {
  name: 'dtlz2',
  variables: 12,
  evaluate([a = 0, b = 0, ...rest]) {
    const radius = 1 + rest.reduce((sum, value) => sum + (value - 0.5) ** 2, 0);
    const [u, v] = [(a * Math.PI) / 2, (b * Math.PI) / 2];
    return [Math.cos(u) * Math.cos(v), Math.cos(u) * Math.sin(v), Math.sin(u)].map(
      (part) => radius * part,
    );
  },
};

export const PROBLEMS: readonly Problem[] = [
  zdt('zdt1', (f1, g) => 1 - Math.sqrt(f1 / g)),
  zdt('zdt2', (f1, g) => 1 - (f1 / g) ** 2),
  zdt('zdt3', (f1, g) => 1 - Math.sqrt(f1 / g) - (f1 / g) * Math.sin(10 * Math.PI * f1)),
  dtlz2,
];

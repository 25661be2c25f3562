// Door of statistics: what few numbers say, and how sure it is.
export {
  bootstrapInterval,
  bootstrapIntervalOf,
  type Interval,
  MOST_VALUES,
} from './bootstrap.ts';
export { kendallTau, type Pair } from './kendall.ts';
export { mean, standardDeviation } from './moments.ts';
export { wilsonInterval } from './proportion.ts';
export { median, quantile } from './quantile.ts';

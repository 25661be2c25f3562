// Door of statistics: what few numbers say, and how sure it is.
export { bootstrapInterval, type Interval, MOST_VALUES } from './bootstrap.ts';
export { mean, standardDeviation } from './moments.ts';

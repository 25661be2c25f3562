// Door of importance: how much of what networks are worth is explained by each of the things in which they differ.
export { variancesApart } from './apart.ts';
export { type Factor, factorOf } from './factor.ts';
export { type Sample, variancesAlone } from './fanova.ts';

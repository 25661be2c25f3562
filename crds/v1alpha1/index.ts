// Door of the contract, version v1alpha1.
export * from './algorithm.ts';
export * from './alignment.ts';
export * from './bionas-search.ts';
export * from './budget.ts';
export * from './conditions.ts';
export * from './dataset.ts';
export * from './final.ts';
export * from './genotype/index.ts';
export * from './learning-rule.ts';
export * from './metadata.ts';
export * from './report.ts';
export * from './robustness.ts';
export * from './search-space.ts';
export * from './training.ts';
export * from './trial.ts';
export * from './warm-start.ts';

// Door of the charts.
export { Bars } from './bars.tsx';
export { CurvesPlot } from './curves-plot.tsx';
export { FamilyPlot, FamilyTree } from './lineage/index.ts';
export { type Line, LinesPlot, lineColor } from './lines-plot.tsx';
export { Network } from './network.tsx';
export { Parallel } from './parallel/index.ts';
export { ParetoPlot } from './pareto-plot.tsx';
export { ProgressPlot } from './progress-plot.tsx';
export { RuleShares } from './rule-shares.tsx';

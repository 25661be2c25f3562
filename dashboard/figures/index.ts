// Door of what views are drawn from: figures of a search, computed from its trials. Pure.
export { endedOf, gpuShare, spentShare } from './counts.ts';
export { type Curves, curvesOf } from './curves.ts';
export { type Failure, failuresOf } from './failures.ts';
export {
  ancestryOf,
  descendantsOf,
  type Family,
  familyOf,
  parentOf,
  relativesOf,
  type TreeNode,
  treeOf,
} from './family.ts';
export { directionsOf, isScored, meritOf, type Objectives } from './goals.ts';
export { paretoFront } from './pareto.ts';
export { type Progress, type ProgressAxis, progressOf } from './progress.ts';
export { type RuleWindows, ruleWindows } from './rule-windows.ts';
export { nearest, type Spot, stairsOf } from './spots.ts';
export {
  FACETS,
  type Facet,
  type PlaceAxis,
  type Strand,
  type Strands,
  strandsOf,
  valuesWithin,
} from './strands.ts';

// Door of `bionas simulate`, and of its parts for comparisons of other kinds.
export { type Chance, chanceOf } from './chance.ts';
export { addSimulateCommand } from './command.ts';
export { fitOf } from './fit.ts';
export { type RegretCurve, regretPicture } from './picture.ts';
export { type SimulatedSearch, searchOn } from './simulated-search.ts';
export {
  accuracyAfter,
  bestAccuracy,
  type Duel,
  duel,
  type Spread,
  spreadOf,
  summarize,
} from './summary.ts';
export { readTrainedTable, type SearchTable } from './table/index.ts';

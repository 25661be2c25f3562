// Door of what charts and graphs are drawn by: axes, colours, the layout of a cell. Pure, and free of the rest of bionas, for
// the dashboard's page takes it into a browser.
export { type Axis, placeAxis, shortNumber, tenth, valueAxis } from './axes.ts';
export { type Box, type CellLayout, cellLayout, type DrawnEdge } from './cell-layout.ts';
export { ruleColor, seriesColor } from './palette.ts';

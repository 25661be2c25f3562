// Door of report.html, and of the parts that other pictures are drawn with.
export {
  axesMarkup,
  CHART,
  placeAxis,
  type Scales,
  scalesOf,
  shortNumber,
  valueAxis,
} from './axes.ts';
export { html, Markup } from './html.ts';
export { reportHtml } from './page.ts';
export { seriesColor } from './palette.ts';

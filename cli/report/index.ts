// Door of report.html, and of the parts that other pictures are drawn with.
export { axesMarkup, CHART, type Scales, scalesOf } from './axes.ts';
export { type Content, html, Markup } from './html.ts';
export { reportHtml } from './page.ts';

// Door of report.html.
export { reportHtml } from './page.ts';

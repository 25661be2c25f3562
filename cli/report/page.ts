// report.html
import type { SearchResult } from '../result/index.ts';
export const reportHtml = (result: SearchResult): string => result.search.name;

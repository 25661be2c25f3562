// The site of the documentation, made of the repository's Markdown: what it is made of, and the files it becomes.
export { buildSite } from './build-site.ts';
export { openRepository, type Repository } from './repository.ts';
export { type SearchEntry } from './search.ts';
export { type Problem, SiteError } from './site-error.ts';

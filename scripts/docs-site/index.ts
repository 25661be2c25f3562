// The site of the documentation, made of the repository's Markdown: what it is made of, and the files it becomes.
export { addressOf } from './addresses.ts';
export { buildSite, readPages } from './build-site.ts';
export { readNavigation } from './navigation.ts';
export { openRepository, type Repository } from './repository.ts';
export { createSearch, type SearchEntry } from './search.ts';
export { type Problem, SiteError } from './site-error.ts';

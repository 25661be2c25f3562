// Door of what commands print: listings by -o, aligned text, CSV, YAML.
export { withFormatOption } from './format-option.ts';
export {
  aligned,
  type Cell,
  type Column,
  csvLine,
  type Format,
  type Listing,
  printed,
  yamlText,
} from './listing.ts';

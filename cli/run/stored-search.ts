// A search as it lies in its directory, with the defaults of fields that are younger than it: as an API server reads it.
import { type BioNASSearch, objectSchema, withDefaults } from '../../crds/index.ts';

export const complete = <Search extends BioNASSearch>(search: Search): Search =>
  withDefaults(objectSchema('BioNASSearch'), search) as Search;

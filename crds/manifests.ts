// Texts of the CustomResourceDefinitions, as committed beside this file and shipped in the chart.
import { stringify } from 'yaml';
import { customResourceDefinition, GROUP, KINDS } from './custom-resource-definitions.ts';

/** File name to text. */
export function manifests(): ReadonlyMap<string, string> {
  return new Map(
    KINDS.map((kind) => {
      const definition = customResourceDefinition(kind);
      const text = stringify(definition, { aliasDuplicateObjects: false, lineWidth: 0 });
      const file = `${GROUP}_${definition.spec.names.plural}.yaml`;
      return [file, `# generated: do not edit, run make generate\n${text}`];
    }),
  );
}

// Texts of the CustomResourceDefinitions, as committed in the chart that installs them. They hold nothing of a template, so
// `kubectl apply --server-side -f` takes the same files.
import { stringify } from 'yaml';
import { customResourceDefinition, GROUP, KINDS } from './custom-resource-definitions.ts';

export const FOLDER: URL = new URL('../charts/bionas-crds/templates/', import.meta.url);

/** Deleting a definition deletes every object of it: helm uninstall leaves it. */
const KEPT = { 'helm.sh/resource-policy': 'keep' };

/** File name to text. */
export function manifests(): ReadonlyMap<string, string> {
  return new Map(
    KINDS.map((kind) => {
      const definition = customResourceDefinition(kind);
      const metadata = { ...definition.metadata, annotations: KEPT };
      const document = { ...definition, metadata };
      const text = stringify(document, { aliasDuplicateObjects: false, lineWidth: 0 });
      const file = `${GROUP}_${definition.spec.names.plural}.yaml`;
      return [file, `# generated: do not edit, run make generate\n${text}`];
    }),
  );
}

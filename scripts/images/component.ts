// What an image is made of, as CycloneDX names it: https://cyclonedx.org/docs/1.6/json/
import { createHash } from 'node:crypto';

export interface Component {
  readonly type: 'library' | 'platform';
  readonly name: string;
  readonly version: string;
  /** https://github.com/package-url/purl-spec */
  readonly purl: string;
  readonly licenses?: readonly { readonly expression: string }[];
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
}

/** A bill of materials that is the same for the same components: no time, no random serial number. */
export function billOfMaterials(
  image: { readonly name: string; readonly version: string },
  components: readonly Component[],
): string {
  const sorted = components.toSorted((a, b) => (a.purl < b.purl ? -1 : 1));
  const withReferences = sorted.map((component) => ({ 'bom-ref': component.purl, ...component }));
  const uuid = createHash('sha256')
    .update(JSON.stringify([image, sorted]))
    .digest('hex');
  const document = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${asUuid(uuid)}`,
    version: 1,
    metadata: { component: { type: 'container', ...image } },
    components: withReferences,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** Version 8 of RFC 9562: one's own bits. */
const asUuid = (hex: string): string =>
  [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');

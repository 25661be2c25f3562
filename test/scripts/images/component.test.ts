// Bills of materials: CycloneDX, the same for the same components.
import { expect, test } from 'vitest';
import { billOfMaterials, type Component } from '../../../scripts/images/component.ts';
import { componentOf } from '../../../scripts/images/packages.ts';

const image = { name: 'bionas-trainer', version: '1.2.3' };
const library = (name: string): Component => ({
  type: 'library',
  ...{ name, version: '1', purl: `pkg:npm/${name}@1` },
});

test('the order in which components were found does not count', () => {
  const [a, b] = [library('a'), library('b')];
  expect(billOfMaterials(image, [b, a])).toBe(billOfMaterials(image, [a, b]));
  expect(billOfMaterials(image, [a])).not.toBe(billOfMaterials(image, [a, b]));
});

test('a document names its format, the image, and each component by its package URL', () => {
  const document = JSON.parse(billOfMaterials(image, [library('a')]));
  expect(document).toMatchObject({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    metadata: { component: { type: 'container', ...image } },
    components: [{ 'bom-ref': 'pkg:npm/a@1', purl: 'pkg:npm/a@1' }],
  });
  expect(document.serialNumber).toMatch(
    /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
  );
});

test('a package is told by what the lockfile pins', () => {
  expect(componentOf('node_modules/@nats-io/jetstream')).toMatchObject({
    name: '@nats-io/jetstream',
    purl: expect.stringMatching(/^pkg:npm\/%40nats-io\/jetstream@\d/),
    licenses: [{ expression: 'Apache-2.0' }],
    hashes: [{ alg: 'SHA-512', content: expect.stringMatching(/^[0-9a-f]{128}$/) }],
  });
});

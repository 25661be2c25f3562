// What is generated of the charts' values: current, whole, and of one mind with the schema that Helm checks.
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { documents, FOLDER } from '../../charts/documents.ts';
import { Values } from '../../charts/values/index.ts';
import packageJson from '../../package.json' with { type: 'json' };

const published = (file: string) => readFileSync(new URL(file, FOLDER), 'utf8');
const schema = () => JSON.parse(published('values.schema.json'));

test.each([...documents()])('%s is what the schema of the values generates', (file, text) => {
  expect(published(file), 'run make generate').toBe(text);
});

test('values.yaml holds every default, and passes', () => {
  const values = parse(published('values.yaml'));
  expect(values).toEqual(Values.parse({}));
  expect(new Ajv({ strict: false }).validate(schema(), values)).toBe(true);
});

test('values.yaml explains each of them', () => {
  const lines = published('values.yaml').split('\n');
  const unexplained = lines.filter(
    (line, index) => /^ {0,4}\w+:/.test(line) && !/^ *(#|-)/.test(lines[index - 1] ?? ''),
  );
  // Kubernetes' own objects are explained as a whole.
  expect(unexplained.map((line) => line.trim())).toEqual(
    unexplained.map((line) => line.trim()).filter((line) => KUBERNETES.test(line)),
  );
});
const KUBERNETES = /^(requests|limits|runAs|fsGroup|seccompProfile|grafana_dashboard)/;

test('the table in the README has a line for each value', () => {
  const rows = [...published('README.md').matchAll(/^\| `([\w.]+)` \|/gm)].map(([, path]) => path);
  expect(rows).toEqual(pathsOf(schema()));
  expect(new Set(rows).size).toBe(rows.length);
});

test.each(
  [
    ...readFileSync(new URL('../../docs/install.md', FOLDER), 'utf8').matchAll(
      /```yaml\n(.*?)```/gs,
    ),
  ].map(([, text = '']) => [text.split('\n')[0], text]),
)('what docs/install.md advises passes: %s ...', (_first, text) => {
  expect(() => Values.parse(parse(text ?? ''))).not.toThrow();
});

test.each(['bionas', 'bionas-crds'])('the chart %s has the version of the package', (name) => {
  const chart = parse(readFileSync(new URL(`../${name}/Chart.yaml`, FOLDER), 'utf8'));
  expect(chart).toMatchObject({ version: packageJson.version, appVersion: packageJson.version });
});

interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** Of what has a description and nothing described below it; `global` is Helm's own. */
function pathsOf({ properties = {} }: Schema, path = ''): string[] {
  return Object.entries(properties).flatMap(([name, property]) => {
    if (property.description === undefined || name === 'global') return [];
    const below = pathsOf(property, `${path}${name}.`);
    return below.length > 0 ? below : [`${path}${name}`];
  });
}

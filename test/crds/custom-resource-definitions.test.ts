// The published CustomResourceDefinitions: current, complete, and of one mind with the TypeScript parse.
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  BioNASSearch,
  BioNASSearchSpec,
  BioNASSearchStatus,
  customResourceDefinition,
  KINDS,
  type Kind,
  objectSchema,
  type StructuralSchema,
  TrialSpec,
  TrialStatus,
  withDefaults,
} from '../../crds/index.ts';
import { FOLDER, manifests } from '../../crds/manifests.ts';
import { makeSearchManifest, makeTrialManifest } from '../builders/manifest.ts';
import { brokenValuesOf, valuesOf } from '../builders/spec-arbitrary.ts';

const published = (file: string) => readFileSync(new URL(file, FOLDER), 'utf8');

describe('the manifests', () => {
  test.each([...manifests()])('%s is what the contract generates', (file, text) => {
    expect(published(file), 'run make generate').toBe(text);
  });

  test.each([...manifests()])('%s is the same after Helm has read it', (_file, text) => {
    expect(text).not.toContain('{{');
  });

  test.each(KINDS)('%s is namespaced, in a category, with a status subresource', (kind) => {
    const { metadata, spec } = customResourceDefinition(kind);
    expect(metadata.name).toBe(`${spec.names.plural}.bionas.dev`);
    expect(spec).toMatchObject({ group: 'bionas.dev', scope: 'Namespaced' });
    expect(spec.names).toMatchObject({
      kind,
      singular: kind.toLowerCase(),
      categories: ['bionas'],
    });
    expect(spec.versions).toMatchObject([
      { name: 'v1alpha1', served: true, storage: true, subresources: { status: {} } },
    ]);
  });

  test('a search is short for typing', () => {
    expect(customResourceDefinition('BioNASSearch').spec.names).toMatchObject({
      plural: 'bionassearches',
      shortNames: ['bns'],
    });
  });

  test.each(KINDS)('columns of %s read fields that exist, and age comes last', (kind) => {
    const [version] = customResourceDefinition(kind).spec.versions;
    const columns = version?.additionalPrinterColumns ?? [];
    for (const { jsonPath } of columns.filter(({ name }) => name !== 'Age')) {
      expect(typeAt(objectSchema(kind), jsonPath), jsonPath).toBeDefined();
    }
    expect(columns.at(-1)?.name).toBe('Age');
    expect(columns.every(({ description }) => description.endsWith('.'))).toBe(true);
  });

  test.each(KINDS)('unknown fields of %s pass in the Pod template only', (kind) => {
    const open = pathsWith(objectSchema(kind), 'x-kubernetes-preserve-unknown-fields');
    expect(open).toEqual([kind === 'Trial' ? '.spec.template' : '.spec.trialTemplate']);
  });

  test.each(KINDS)('conditions of %s are a map by type', (kind) => {
    expect(objectSchema(kind).properties?.['status']?.properties?.['conditions']).toMatchObject({
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['type'],
    });
  });

  test.each(KINDS)('lists of %s are bounded', (kind) => {
    const lists = pathsWith(objectSchema(kind), 'items');
    const bounded = pathsWith(objectSchema(kind), 'maxItems');
    expect(bounded).toEqual(lists);
  });
});

const PARTS = [
  ['a search', 'BioNASSearch', 'spec', BioNASSearchSpec],
  ['a trial', 'Trial', 'spec', TrialSpec],
  ["a search's status", 'BioNASSearch', 'status', BioNASSearchStatus],
  ["a trial's status", 'Trial', 'status', TrialStatus],
] as const;

/** Most random specs break a rule between fields: what does so most often stays small. ImageNet may have all options of data. */
const settled: Readonly<Record<Kind, (value: unknown) => unknown>> = {
  Trial: (value) => {
    if (!isRecord(value) || !('genotype' in value)) return value;
    // No random genotype is a supernet's.
    const { kind, supernet, constraints, measures, ...rest } = value;
    return { ...rest, dataset: ofImagenet(value) };
  },
  BioNASSearch: (value) => {
    if (!isRecord(value) || !('searchSpace' in value)) return value;
    const { objectives, constraints, parallelism, final, algorithm, scheduling, ...rest } = value;
    return { ...rest, searchSpace: { kind: 'nb201' }, dataset: ofImagenet(value) };
  },
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const ofImagenet = ({ dataset }: Record<string, unknown>) => ({
  ...(isRecord(dataset) ? dataset : {}),
  name: 'imagenet',
});

describe('the published schema and the TypeScript parse', () => {
  test.each(PARTS)('fill in the same defaults of %s', async (_story, kind, part, zod) => {
    const schema = publishedSchema(kind, part);
    await fc.assert(
      fc.property(valuesOf(schema).map(settled[kind]), (value) => {
        const parsed = zod.safeParse(value);
        fc.pre(parsed.success);
        expect(withDefaults(schema, value)).toEqual(parsed.data);
      }),
      { numRuns: 60 },
    );
  });

  test.each(PARTS)('accept and refuse the same of %s', async (_story, kind, part, zod) => {
    const schema = publishedSchema(kind, part);
    const valid = validator(schema);
    await fc.assert(
      fc.property(fc.oneof(valuesOf(schema), brokenValuesOf(schema)), (value) => {
        const issues = zod.safeParse(value).error?.issues ?? [];
        // Rules between fields and duplicates are CEL's and the list types' to refuse, not ajv's.
        const shape = issues.filter(({ code }) => code !== 'custom');
        expect(valid(value), JSON.stringify(shape)).toBe(shape.length === 0);
      }),
      { numRuns: 150 },
    );
  });

  test.each<[Kind, Record<string, unknown>]>([
    ['BioNASSearch', makeSearchManifest()],
    ['Trial', makeTrialManifest()],
  ])('the smallest %s is accepted', (kind, manifest) => {
    expect(validator(publishedSchema(kind))(manifest)).toBe(true);
  });

  test('a search that says nothing of it gets the whole recipe', () => {
    const search = BioNASSearch.parse(makeSearchManifest());
    expect(withDefaults(publishedSchema('BioNASSearch'), makeSearchManifest())).toEqual(search);
    expect(search.spec).toMatchObject({
      seed: 1,
      parallelism: 1,
      budget: { trials: 50, failedTrials: 5 },
      training: { optimizer: { name: 'sgd', learningRate: 0.05 }, schedule: { name: 'cosine' } },
    });
  });
});

function publishedSchema(kind: Kind, part?: 'spec' | 'status'): StructuralSchema {
  const file = `bionas.dev_${customResourceDefinition(kind).spec.names.plural}.yaml`;
  const schema: StructuralSchema = parse(published(file)).spec.versions[0].schema.openAPIV3Schema;
  return part === undefined ? schema : (schema.properties?.[part] ?? schema);
}

/** OpenAPI 3.0 says exclusiveMinimum: true beside minimum; ajv's drafts say exclusiveMinimum: 0. */
function validator(schema: StructuralSchema): (value: unknown) => boolean {
  const draft7 = JSON.parse(JSON.stringify(schema), (_key, node) => {
    if (node?.exclusiveMinimum !== true) return node;
    const { minimum, ...rest } = node;
    return { ...rest, exclusiveMinimum: minimum };
  });
  const ajv = new Ajv({ strict: false });
  addFormats.default(ajv);
  // The operator alone writes times; the parse takes any text.
  ajv.addFormat('date-time', true);
  return ajv.compile(draft7);
}

/** Schema under a printer column's path; filters and indices enter the items. */
function typeAt(schema: StructuralSchema, jsonPath: string): StructuralSchema | undefined {
  const names = jsonPath
    .replace(/\[[^\]]*\]/g, '.[]')
    .split('.')
    .slice(1);
  return names.reduce<StructuralSchema | undefined>(
    (node, name) => (name === '[]' ? node?.items : node?.properties?.[name]),
    schema,
  );
}

function pathsWith(schema: StructuralSchema, keyword: keyof StructuralSchema, path = ''): string[] {
  const own = schema[keyword] === undefined ? [] : [path];
  const fields = Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
    pathsWith(property, keyword, `${path}.${name}`),
  );
  return [
    ...own,
    ...fields,
    ...(schema.items ? pathsWith(schema.items, keyword, `${path}[]`) : []),
  ];
}

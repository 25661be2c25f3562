// The CustomResourceDefinitions: names, columns and schemas of our kinds, as the API server wants them.
import type { z } from 'zod';
import type { StructuralSchema } from './structural-schema.ts';
import { toStructural } from './to-structural.ts';
import {
  BioNASSearch,
  BioNASSearchSpec,
  BioNASSearchStatus,
  Trial,
  TrialSpec,
  TrialStatus,
} from './v1alpha1/index.ts';

export const GROUP = 'bionas.dev';
export const VERSION = 'v1alpha1';

interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'date';
  readonly jsonPath: string;
  readonly description: string;
  /** 1: in wide output only. */
  readonly priority?: 1;
}

interface Definition {
  readonly kind: string;
  readonly plural: string;
  readonly shortNames?: readonly string[];
  readonly description: string;
  readonly spec: z.ZodType;
  readonly status: z.ZodType;
  readonly columns: readonly Column[];
}

const AGE: Column = {
  name: 'Age',
  type: 'date',
  jsonPath: '.metadata.creationTimestamp',
  description: 'Time since it was created.',
};

const column = (
  name: string,
  type: Column['type'],
  [jsonPath, description]: readonly [string, string],
): Column => ({ name, type, jsonPath, description });

const wide = (plain: Column): Column => ({ ...plain, priority: 1 });

const SEARCH: Definition = {
  kind: 'BioNASSearch',
  plural: 'bionassearches',
  shortNames: ['bns'],
  description:
    'A search for neural networks whose layers learn by different, biologically plausible rules.',
  spec: BioNASSearchSpec,
  status: BioNASSearchStatus,
  columns: [
    column('Phase', 'string', ['.status.phase', 'Where the search stands.']),
    column('Succeeded', 'integer', [
      '.status.trials.succeeded',
      'Search trials that have ended without failing.',
    ]),
    column('Running', 'integer', ['.status.trials.running', 'Live trials.']),
    column('Failed', 'integer', ['.status.trials.failed', 'Failed search trials.']),
    column('Proposed', 'integer', ['.status.trials.proposed', 'Search trials ever proposed.']),
    column('Best', 'number', ['.status.best[0].objectives[0]', 'First objective of the best.']),
    wide(column('Genotype', 'string', ['.status.best[0].genotype', 'The best network.'])),
    wide(column('Device-Seconds', 'number', ['.status.deviceSeconds', 'Device time used.'])),
    wide(
      column('Infeasible', 'integer', [
        '.status.trials.infeasible',
        'Of the succeeded, those outside of the constraints.',
      ]),
    ),
    AGE,
  ],
};

const TRIAL: Definition = {
  kind: 'Trial',
  plural: 'trials',
  description: 'One network, trained once. Written by the operator, never by people.',
  spec: TrialSpec,
  status: TrialStatus,
  columns: [
    column('Search', 'string', ['.spec.search', 'The search that asked for it.']),
    column('Purpose', 'string', ['.spec.purpose', 'To steer the search, or to be its outcome.']),
    column('Phase', 'string', ['.status.conditions[?(@.status=="True")].type', 'What holds now.']),
    column('Reason', 'string', [
      '.status.conditions[?(@.type=="Running")].reason',
      'Why it runs, waits, or has ended.',
    ]),
    column('Epochs', 'integer', ['.spec.fidelity.epochs', 'Epochs to train now.']),
    column('Accuracy', 'number', ['.status.result.metrics.accuracy', 'Validation accuracy.']),
    wide(column('Genotype', 'string', ['.spec.genotype', 'The network.'])),
    wide(column('Attempt', 'integer', ['.status.attempt', 'Pod in use, from 0.'])),
    AGE,
  ],
};

const definitions = { BioNASSearch: SEARCH, Trial: TRIAL } as const;
export type Kind = keyof typeof definitions;
export const KINDS: readonly Kind[] = ['BioNASSearch', 'Trial'];

/** The API server itself sees to metadata. Throws StructuralSchemaError. */
function wholeSchema({ kind, description, spec, status }: Definition): StructuralSchema {
  return {
    type: 'object',
    description,
    required: ['spec'],
    properties: {
      apiVersion: { type: 'string', description: `${GROUP}/${VERSION}.` },
      kind: { type: 'string', description: `${kind}.` },
      metadata: { type: 'object' },
      spec: { description: 'What is wanted.', ...toStructural(spec, 'spec') },
      status: { description: 'What is.', ...toStructural(status, 'status') },
    },
  };
}

const schemas = { BioNASSearch: wholeSchema(SEARCH), Trial: wholeSchema(TRIAL) } as const;

const nameOf = {
  BioNASSearch: BioNASSearch.shape.metadata.shape.name,
  Trial: Trial.shape.metadata.shape.name,
} as const;

/** Schema of a whole object. */
export function objectSchema(kind: Kind): StructuralSchema {
  return schemas[kind];
}

/** The name is all of metadata that a definition may speak of: labels of others hold it, and they hold less than names. */
function publishedSchema(kind: Kind): StructuralSchema {
  const schema = objectSchema(kind);
  const { maxLength } = nameOf[kind];
  const name: StructuralSchema = { type: 'string', ...(maxLength !== null && { maxLength }) };
  const metadata: StructuralSchema = { type: 'object', properties: { name } };
  return { ...schema, properties: { ...schema.properties, metadata } };
}

/** The manifest of apiextensions.k8s.io/v1, ready for `kubectl apply`. */
export function customResourceDefinition(kind: Kind) {
  const { plural, shortNames, columns } = definitions[kind];
  const singular = kind.toLowerCase();
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${GROUP}` },
    spec: {
      group: GROUP,
      scope: 'Namespaced',
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular,
        ...(shortNames && { shortNames }),
        categories: ['bionas'],
      },
      versions: [
        {
          name: VERSION,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: columns,
          schema: { openAPIV3Schema: publishedSchema(kind) },
        },
      ],
    },
  };
}

// The charts as the real helm reads them: lint, what is rendered from which values, and which values are refused.
import { describe, expect, test } from 'vitest';
import type { Helm } from '../../scripts/charts/helm.ts';
import { MATRIX } from './matrix.ts';
import { chartPath, type GivenValues, one, realHelm, render } from './rendered.ts';

const found = await realHelm();
const helm: Helm = async (...args) => found?.(...args) ?? '';

describe.skipIf(found === undefined)('the charts', () => {
  test.each(['bionas', 'bionas-crds'] as const)('%s has nothing that lint minds', async (name) => {
    expect(await helm(['lint', '--strict', chartPath(name)])).toContain('0 chart(s) failed');
  });

  test.each(MATRIX)('render %s', async (_story, values, expected) => {
    const objects = await render(helm, values);
    const kinds = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(kinds).toEqual(expect.arrayContaining([...(expected.has ?? [])]));
    for (const absent of expected.lacks ?? []) expect(kinds).not.toContain(absent);
    expect(new Set(kinds.map((kind, i) => `${kind} ${objects[i]?.metadata.namespace}`)).size).toBe(
      kinds.length,
    );
    for (const { metadata } of objects) {
      expect(metadata.labels).toMatchObject({
        'app.kubernetes.io/instance': 'bionas',
        'app.kubernetes.io/part-of': 'bionas',
      });
    }
  });
});

describe.skipIf(found === undefined)('rights', () => {
  test.each(MATRIX)(
    'are for no wildcard, and for Secrets only of their maker %s',
    async (_, values) => {
      const roles = (await render(helm, values)).filter(({ kind }) => /Role$/.test(kind));
      for (const { kind, metadata, rules } of roles) {
        const text = JSON.stringify(rules);
        expect(text, metadata.name).not.toContain('*');
        const isMaker = kind === 'Role' && metadata.name === 'bionas-nats-keys';
        if (isMaker)
          expect(rules).toEqual([{ apiGroups: [''], resources: ['secrets'], verbs: ['create'] }]);
        else expect(text, metadata.name).not.toContain('secrets');
      }
    },
  );

  test.each([
    ['ClusterRole', {}],
    ['Role', { watchNamespace: 'lab' }],
  ])('of the dashboard are to read, as a %s', async (kind, scope) => {
    const values = { ...scope, dashboard: { enabled: true, allowEdits: true } };
    const { rules } = one(await render(helm, values), kind, 'bionas-dashboard');
    const verbs = rules.flatMap((rule: { verbs: string[] }) => rule.verbs);
    expect(new Set(verbs)).toEqual(new Set(['get', 'list']));
    const { spec } = one(await render(helm, values), 'Deployment', 'bionas-dashboard');
    expect(spec.template.spec.serviceAccountName).toBe('bionas-dashboard');
  });

  test('of trainers are none: nothing is bound to their account', async () => {
    const values = { watchNamespace: 'lab', trainer: { serviceAccount: { create: true } } };
    const objects = await render(helm, values);
    const bindings = objects.filter(({ kind }) => /Binding$/.test(kind));
    const bound = bindings.flatMap(({ subjects }) => subjects).map(({ name }) => name);
    expect(new Set(bound)).toEqual(new Set(['bionas-operator', 'bionas-nats-keys']));
    expect(one(objects, 'ServiceAccount', 'bionas-trainer')).toMatchObject({
      automountServiceAccountToken: false,
      metadata: { namespace: 'lab' },
    });
  });
});

const REFUSED: readonly (readonly [string, GivenValues, RegExp])[] = [
  ['a key that is not there', { replicas: 3 }, /'replicas' not allowed/],
  ['one that is misspelt', { operator: { replica: 3 } }, /'replica' not allowed/],
  ['one of a toleration', { trainer: { tolerations: [{ Key: 'gpu' }] } }, /'Key' not allowed/],
  ['one of resources', { trainer: { resources: { limit: {} } } }, /'limit' not allowed/],
  ['no number', { operator: { replicas: 'two' } }, /got string, want integer/],
  ['no replicas', { operator: { replicas: 0 } }, /minimum: got 0, want 1/],
  ['an even number of servers', { nats: { replicas: 2 } }, /nats\/replicas/],
  [
    'a digest that is none',
    { operator: { image: { digest: 'latest' } } },
    /operator\/image\/digest/,
  ],
  ['a duration that is none', { operator: { reportsMaxAge: '7 days' } }, /reportsMaxAge/],
  ['a size that is none', { nats: { storage: { size: '10' } } }, /nats\/storage\/size/],
  [
    'a password in a URL',
    { nats: { enabled: false, external: { url: 'nats://me:secret@host:4222' } } },
    /external\/url/,
  ],
  ['no NATS at all', { nats: { enabled: false } }, /nats.external.url: expected where NATS is/],
  [
    'no issuer',
    { nats: { tls: { source: 'cert-manager' } } },
    /nats.tls.issuerRef.name: expected an issuer/,
  ],
  ['no secret', { nats: { tls: { source: 'secret' } } }, /nats.tls.secretName: expected a Secret/],
  [
    'a priority class without a name',
    { trainer: { priorityClass: { create: true } } },
    /trainer.priorityClassName: expected a name/,
  ],
];

describe.skipIf(found === undefined)('values', () => {
  test.each(REFUSED)('are refused: %s', async (_story, values, why) => {
    await expect(render(helm, values)).rejects.toThrow(why);
  });

  test('of a chart that contains this one pass, with what Helm adds', async () => {
    expect(await render(helm, { global: { anything: 1 } })).not.toHaveLength(0);
  });
});

// Priority and fairness that turns a namespace's default service account away (429): few seats, no queue, nobody to borrow from.
import type { Kubectl } from '../../../scripts/cluster/index.ts';

const apiVersion = 'flowcontrol.apiserver.k8s.io/v1';

/** `shares`: of the server's seats; with 0 it lets nothing through. */
export async function slowDown(
  kubectl: Kubectl,
  namespace: string,
  { shares = 1 } = {},
): Promise<void> {
  const metadata = { name: namespace };
  const limited = {
    nominalConcurrencyShares: shares,
    lendablePercent: 0,
    borrowingLimitPercent: 0,
    limitResponse: { type: 'Reject' },
  };
  const level = {
    apiVersion,
    kind: 'PriorityLevelConfiguration',
    metadata,
    spec: { type: 'Limited', limited },
  };
  const rule = { verbs: ['*'], apiGroups: ['*'], resources: ['*'], namespaces: ['*'] };
  const subject = { kind: 'ServiceAccount', serviceAccount: { namespace, name: 'default' } };
  const schema = {
    apiVersion,
    kind: 'FlowSchema',
    metadata,
    spec: {
      matchingPrecedence: 2,
      priorityLevelConfiguration: { name: namespace },
      rules: [{ subjects: [subject], resourceRules: [rule] }],
    },
  };
  for (const object of [level, schema])
    await kubectl(['create', '-f', '-'], JSON.stringify(object));
}

export async function speedUp(kubectl: Kubectl, namespace: string): Promise<void> {
  const kinds = 'flowschema,prioritylevelconfiguration';
  await kubectl(['delete', '--ignore-not-found', kinds, namespace]);
}

// Users who have every right of a role but one, and what an API server says of them.
import type { AccessQuestion } from '../../../operator/adapters/kubernetes/index.ts';
import type { Kubectl } from '../../../scripts/cluster/index.ts';
import type { Rule } from './requests.ts';

/** One verb on one resource. */
export interface Right {
  readonly verb: string;
  readonly group: string;
  /** `trials/status` is a resource of its own. */
  readonly resource: string;
  /** Of the only object that it holds for; any when left out. */
  readonly name?: string | undefined;
}

export const rightsOf = (rules: readonly Rule[]): Right[] =>
  rules.flatMap(({ apiGroups, resources, verbs, resourceNames: [name] = [] }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) => verbs.map((verb) => ({ verb, group, resource, name }))),
    ),
  );

/** The user who has all of these rights but that one. */
export const without = (index: number): string => `withheld-${index}`;

/** Makes a user for each of the rights, in every namespace. */
export async function withholdEach(kubectl: Kubectl, rights: readonly Right[]): Promise<void> {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const items = rights.flatMap((_, index) => {
    const metadata = { name: without(index) };
    const rules = rights.filter((_right, other) => other !== index).map(ruleOf);
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', ...metadata };
    const subjects = [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', ...metadata }];
    return [
      { apiVersion, kind: 'ClusterRole', metadata, rules },
      { apiVersion, kind: 'ClusterRoleBinding', metadata, roleRef, subjects },
    ];
  });
  const list = { apiVersion: 'v1', kind: 'List', items };
  await kubectl(['create', '-f', '-'], JSON.stringify(list));
}

function ruleOf({ verb, group, resource, name }: Right): Rule {
  const rule = { apiGroups: [group], resources: [resource], verbs: [verb] };
  return name === undefined ? rule : { ...rule, resourceNames: [name] };
}

/** Whether the user may, asked of the API server. */
export const question = (
  user: string,
  { verb, group, resource: whole, name = 'any' }: Right,
): AccessQuestion => {
  const [resource = '', subresource = ''] = whole.split('/');
  const asked = { user, groups: ['system:authenticated'], verb, group, resource, name };
  return { ...asked, namespace: 'lab', ...{ subresource } };
};

// Which requests somebody made of an API server, by its audit log, beside what the rules of a role let them make.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Who asks is logged; nobody else. */
export function auditFlags(directory: string, users: readonly string[]): string[] {
  const policy = {
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    omitStages: ['RequestReceived'],
    rules: [{ level: 'Metadata', users }, { level: 'None' }],
  };
  const file = join(directory, 'audit-policy.json');
  writeFileSync(file, JSON.stringify(policy));
  return [`--audit-policy-file=${file}`, `--audit-log-path=${logOf(directory)}`];
}

const logOf = (directory: string) => join(directory, 'audit.log');

interface Entry {
  readonly verb: string;
  readonly requestURI: string;
  readonly user: { readonly username: string };
  readonly objectRef?: {
    readonly apiGroup?: string;
    readonly resource: string;
    readonly subresource?: string;
  };
  readonly responseStatus?: { readonly code: number; readonly message?: string };
}

export interface Requests {
  /** `verb resource.group/subresource`, sorted. */
  readonly made: readonly string[];
  /** What was refused, in the API server's words. */
  readonly refused: readonly string[];
}

export function requestsOf(directory: string, user: string): Requests {
  const entries = readFileSync(logOf(directory), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Entry => JSON.parse(line))
    .filter(({ user: { username } }) => username === user);
  const refused = entries.filter(({ responseStatus }) => responseStatus?.code === 403);
  const made = entries.map(({ verb, objectRef, requestURI }) => {
    if (objectRef === undefined) return `${verb} ${requestURI}`;
    const { apiGroup = '', resource, subresource } = objectRef;
    return text(verb, apiGroup, subresource ? `${resource}/${subresource}` : resource);
  });
  return {
    made: [...new Set(made)].toSorted(),
    refused: refused.map(({ responseStatus }) => responseStatus?.message ?? ''),
  };
}

/** Of rbac.authorization.k8s.io/v1. */
export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

export const grantsOf = (rules: readonly Rule[]): string[] =>
  rules
    .flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) => verbs.map((verb) => text(verb, group, resource))),
      ),
    )
    .toSorted();

/** As kubectl names resources: `patch trials.bionas.dev/status`. */
function text(verb: string, group: string, resource: string): string {
  const [name = '', sub] = resource.split('/');
  const whole = group === '' ? name : `${name}.${group}`;
  return `${verb} ${sub === undefined ? whole : `${whole}/${sub}`}`;
}

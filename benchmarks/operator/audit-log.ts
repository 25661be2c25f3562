// Writes by who made them, from the API server's own audit log.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const POLICY = fileURLToPath(new URL('audit-policy.yaml', import.meta.url));
/** In the API server's own folder, and gone with it. */
const LOG = 'audit.log';

export const AUDIT_FLAGS = [`--audit-policy-file=${POLICY}`, `--audit-log-path=${LOG}`] as const;

interface AuditLine {
  readonly verb: string;
  readonly userAgent?: string;
  readonly objectRef?: { readonly resource?: string; readonly subresource?: string };
}

/** How many by writer, and by verb and resource. */
export type Writes = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** All up to now. Refused ones count: somebody sent them. */
export function writesIn(directory: string): Writes {
  const writes = new Map<string, Record<string, number>>();
  for (const line of readFileSync(join(directory, LOG), 'utf8').split('\n')) {
    if (line === '') continue;
    const { verb, userAgent = 'unknown', objectRef } = JSON.parse(line) as AuditLine;
    const resource = [objectRef?.resource, objectRef?.subresource].filter(Boolean).join('/');
    const writer = writerOf(userAgent);
    const counts = writes.get(writer) ?? {};
    const what = `${verb} ${resource}`;
    writes.set(writer, { ...counts, [what]: (counts[what] ?? 0) + 1 });
  }
  return Object.fromEntries(writes);
}

export function writesSince(before: Writes, after: Writes): Writes {
  const entries = Object.entries(after).map(([writer, counts]) => {
    const more = Object.entries(counts)
      .map(([what, count]) => [what, count - (before[writer]?.[what] ?? 0)] as const)
      .filter(([, count]) => count > 0);
    return [writer, Object.fromEntries(more)] as const;
  });
  return Object.fromEntries(entries.filter(([, counts]) => Object.keys(counts).length > 0));
}

export const totalOf = (counts: Readonly<Record<string, number>> = {}): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

/** `kube-controller-manager/v1.37.2 (linux/amd64) kubernetes/abc/system:serviceaccount:kube-system:pod-garbage-collector`. */
function writerOf(userAgent: string): string {
  const [, account] = /system:serviceaccount:[^:]+:([\w-]+)/.exec(userAgent) ?? [];
  return account ?? userAgent.split('/')[0] ?? userAgent;
}

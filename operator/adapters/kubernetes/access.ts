// Asks the API server whether somebody may do something: SubjectAccessReview, which is asked by creating one.
import type { ApiServer } from './api-server.ts';
import { excerpt, MalformedAnswerError } from './failures.ts';
import { isObject } from './live-object.ts';

export interface AccessQuestion {
  /** Of whom it is asked; either suffices. */
  readonly user: string;
  readonly groups: readonly string[];
  readonly verb: string;
  /** As in `bionas.dev` and `bionassearches`. */
  readonly group: string;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

const API = 'authorization.k8s.io/v1';

export async function mayAccess(
  server: Pick<ApiServer, 'call'>,
  { user, groups, ...resourceAttributes }: AccessQuestion,
): Promise<boolean> {
  const kind = 'SubjectAccessReview';
  const path = `/apis/${API}/subjectaccessreviews`;
  const body = JSON.stringify({
    apiVersion: API,
    kind,
    spec: { user, groups, resourceAttributes },
  });
  const contentType = 'application/json';
  const answer = await server.call({
    verb: 'create',
    kind,
    method: 'POST',
    path,
    contentType,
    body,
  });
  const status = isObject(answer) ? answer['status'] : undefined;
  if (isObject(status) && typeof status['allowed'] === 'boolean') return status['allowed'];
  const found = excerpt(JSON.stringify(answer) ?? 'nothing');
  throw new MalformedAnswerError(`POST ${path}: expected a review with its status, got ${found}`);
}

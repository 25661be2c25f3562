// Who may come in as a trainer: the holder of a Pod's token, while that Pod runs the current attempt of a Trial that has not
// ended. Decided by one pure function; the API server says whose the token is, the caches what the Pod is (docs/nats.md).
import { type BioNASSearch, type Trial, workersOf } from '../crds/index.ts';
import type { ReviewedToken, TokenOwner } from './adapters/kubernetes/index.ts';
import type { Verdict } from './adapters/nats/index.ts';
import { hasEnded, isFinished, type Pod, podName, SEARCHES, TRIALS } from './reconcilers/index.ts';
import { controllerOf, type Live, type ObjectCache, type ObjectKind } from './runtime/index.ts';

/** Tokens of Pods are made for this alone, so that one who gets hold of such a token can use it nowhere else. */
export const AUDIENCE = 'bionas-nats';

export interface TrainerAccessOptions {
  readonly review: (token: string, audience: string) => Promise<ReviewedToken>;
  readonly pods: Pick<ObjectCache<Pod>, 'get'>;
  readonly trials: Pick<ObjectCache<Trial>, 'get'>;
  readonly searches: Pick<ObjectCache<BioNASSearch>, 'get'>;
}

/** Judges whoever presents a token. */
export function trainerAccess(options: TrainerAccessOptions): (token: string) => Promise<Verdict> {
  const { review, pods, trials, searches } = options;
  return async (token) => {
    if (token === '') return { refused: 'no-token', why: 'no token of a Pod was presented' };
    const reviewed = await review(token, AUDIENCE);
    if ('refused' in reviewed) return { refused: 'token', why: `its token: ${reviewed.refused}` };
    const namespace = namespaceOf(reviewed);
    const pod = pods.get({ namespace, name: reviewed.pod?.name ?? '' });
    const owner = pod && controllerOf(pod);
    const trial = trials.get({ namespace, name: owner?.name ?? '' });
    const search = searches.get({ namespace, name: trial?.spec.search ?? '' });
    return verdictOn(reviewed, { pod, trial, search });
  };
}

/** '' for who is no service account. */
const namespaceOf = ({ user }: TokenOwner): string =>
  /^system:serviceaccount:([^:]+):[^:]+$/.exec(user)?.[1] ?? '';

/** What the caches hold under the names that the token and its Pod lead to. */
export interface Known {
  readonly pod: Live<Pod> | undefined;
  readonly trial: Live<Trial> | undefined;
  readonly search: Live<BioNASSearch> | undefined;
}

/** Names can be taken by others: each step holds only where the UIDs agree. */
export function verdictOn(token: TokenOwner, { pod, trial, search }: Known): Verdict {
  if (token.pod === undefined)
    return { refused: 'no-pod', why: `the token of ${token.user} was made for no Pod` };
  const namespace = namespaceOf(token);
  const name = `Pod ${namespace}/${token.pod.name}`;
  if (pod === undefined || pod.metadata.uid !== token.pod.uid)
    return { refused: 'pod-unknown', why: `${name} is not known, or not yet` };
  if (hasEnded(pod)) return { refused: 'pod-ended', why: `${name} has ended` };
  const owner = controllerOf(pod);
  if (owner === undefined || !isOf(owner, TRIALS))
    return { refused: 'no-trial', why: `${name} is not of a Trial` };
  if (trial === undefined || trial.metadata.uid !== owner.uid)
    return { refused: 'no-trial', why: `${name} is of a Trial that is not there` };
  return verdictOnTrial({ name, pod, trial, search });
}

function verdictOnTrial({
  name,
  pod,
  trial,
  search,
}: {
  readonly name: string;
  readonly pod: Live<Pod>;
  readonly trial: Live<Trial>;
  readonly search: Live<BioNASSearch> | undefined;
}): Verdict {
  const { namespace = '', uid } = trial.metadata;
  const expected = podNames(trial);
  if (!expected.includes(pod.metadata.name)) {
    const why = `${name} is not the Trial's: that is ${expected.join(', ')} now`;
    return { refused: 'other-pod', why };
  }
  if (isFinished(trial.status))
    return { refused: 'trial-ended', why: `the Trial of ${name} has ended` };
  const owner = controllerOf(trial);
  if (owner === undefined || !isOf(owner, SEARCHES) || search?.metadata.uid !== owner.uid)
    return { refused: 'no-search', why: `the Trial of ${name} is of no search that is there` };
  const trainer = { namespace, search: trial.spec.search, searchUid: owner.uid, trial: uid };
  return { trainer, name: `${namespace}/${pod.metadata.name}` };
}

/** Of the workers of its current attempt. */
const podNames = (trial: Trial): string[] =>
  Array.from({ length: workersOf(trial.spec.template) }, (_, rank) =>
    podName(trial, trial.status?.attempt ?? 0, rank),
  );

const isOf = (
  owner: { readonly apiVersion: string; readonly kind: string },
  { apiVersion, kind }: Pick<ObjectKind, 'apiVersion' | 'kind'>,
): boolean => owner.apiVersion === apiVersion && owner.kind === kind;

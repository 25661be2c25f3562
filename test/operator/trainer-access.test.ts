// Who may come in as a trainer: whoever holds the token of the Pod that runs a Trial's current attempt, and nobody else.
import { describe, expect, test } from 'vitest';
import type { ReviewedToken } from '../../operator/adapters/kubernetes/index.ts';
import type { OwnerReference } from '../../operator/runtime/index.ts';
import { AUDIENCE, type Known, trainerAccess, verdictOn } from '../../operator/trainer-access.ts';
import { makePod, makeSearch, makeTrial } from '../builders/objects.ts';

const TOKEN = {
  user: 'system:serviceaccount:default:default',
  pod: { name: 'night-0-0', uid: 'night-0-0-uid' },
};

const known = (change: Partial<Known> = {}): Known => ({
  pod: makePod().running().object,
  trial: makeTrial().running().object,
  search: makeSearch(),
  ...change,
});

const ownedBy = (owner: OwnerReference | undefined): Known['pod'] => {
  const { object } = makePod().running();
  const ownerReferences = owner === undefined ? [] : [{ controller: true, ...owner }];
  return { ...object, metadata: { ...object.metadata, ownerReferences } };
};

const TRIAL = { apiVersion: 'bionas.dev/v1alpha1', kind: 'Trial', name: 'night-0' };

test('the Pod of a trial comes in, as that trial', () => {
  expect(verdictOn(TOKEN, known())).toEqual({
    trainer: {
      namespace: 'default',
      search: 'night',
      searchUid: 'night-uid',
      trial: 'night-0-uid',
    },
    name: 'default/night-0-0',
  });
});

test('so does one that is asked to end: it has a checkpoint to keep', () => {
  const pod = makePod().running().deleting().object;
  expect(verdictOn(TOKEN, known({ pod }))).toHaveProperty('trainer');
});

test('so does each of several workers, and no other', () => {
  const trial = makeTrial({ template: { workers: 2 } }).running().object;
  const verdictOf = (name: string) => {
    const pod = makePod().named(name).running().object;
    return verdictOn({ ...TOKEN, pod: { name, uid: `${name}-uid` } }, known({ pod, trial }));
  };
  for (const name of ['night-0-0', 'night-0-0-w1'])
    expect(verdictOf(name)).toMatchObject({
      name: `default/${name}`,
      trainer: { trial: 'night-0-uid' },
    });
  expect(verdictOf('night-0-0-w2')).toMatchObject({ refused: 'other-pod' });
});

describe('nobody else does:', () => {
  test.each<[string, string, Partial<Known>, Partial<typeof TOKEN>?]>([
    ['a token of no Pod', 'no-pod', {}, { pod: undefined as never }],
    ['a Pod that is not known', 'pod-unknown', { pod: undefined }],
    ['a Pod of the same name', 'pod-unknown', {}, { pod: { name: 'night-0-0', uid: 'other' } }],
    ['a Pod that has ended', 'pod-ended', { pod: makePod().ended(0).object }],
    ['a Pod that nobody owns', 'no-trial', { pod: ownedBy(undefined) }],
    ['a Pod of a Job', 'no-trial', { pod: ownedBy({ ...TRIAL, kind: 'Job', uid: 'night-0-uid' }) }],
    [
      "a Pod of another group's Trial",
      'no-trial',
      { pod: ownedBy({ ...TRIAL, apiVersion: 'other.dev/v1', uid: 'night-0-uid' }) },
    ],
    [
      'a Pod that the Trial only belongs to, and does not control',
      'no-trial',
      { pod: ownedBy({ ...TRIAL, uid: 'night-0-uid', controller: false }) },
    ],
    ['a Pod of a Trial that is gone', 'no-trial', { trial: undefined }],
    ['a Pod of a namesake Trial', 'no-trial', { pod: makePod(0, 'former-uid').running().object }],
    ['a Pod of an earlier attempt', 'other-pod', { trial: makeTrial().atAttempt(1).object }],
    [
      'a Pod of a later attempt',
      'other-pod',
      { pod: makePod(1).running().object },
      {
        pod: { name: 'night-0-1', uid: 'night-0-1-uid' },
      },
    ],
    ['a Pod of a Trial that has ended', 'trial-ended', { trial: makeTrial().succeeded().object }],
    ['a Trial of no search', 'no-search', { search: undefined }],
    [
      'a Trial that claims to be of another search',
      'no-search',
      { search: { ...makeSearch(), metadata: { ...makeSearch().metadata, uid: 'other-uid' } } },
    ],
  ])('%s (%s)', (_, refused, change, token = {}) => {
    expect(verdictOn({ ...TOKEN, ...token }, known(change))).toMatchObject({ refused });
  });
});

describe('the look-up', () => {
  function makeAccess(reviewed: ReviewedToken) {
    const asked: unknown[] = [];
    const { pod, trial, search } = known();
    const found = <T>(object: T) => ({
      get: (key: unknown) => {
        asked.push(key);
        return object;
      },
    });
    const access = trainerAccess({
      review: async (token, audience) => {
        asked.push({ token, audience });
        return reviewed;
      },
      pods: found(pod),
      trials: found(trial),
      searches: found(search),
    });
    return { access, asked };
  }

  test("follows the token to its Pod, and the Pod's owner to the search, all in one namespace", async () => {
    const { access, asked } = makeAccess(TOKEN);
    expect(await access('a token')).toHaveProperty('trainer.trial', 'night-0-uid');
    const namespace = 'default';
    expect(asked).toEqual([
      { token: 'a token', audience: AUDIENCE },
      { namespace, name: 'night-0-0' },
      { namespace, name: 'night-0' },
      { namespace, name: 'night' },
    ]);
  });

  test('asks nobody where there is no token', async () => {
    const { access, asked } = makeAccess(TOKEN);
    expect(await access('')).toMatchObject({ refused: 'no-token' });
    expect(asked).toEqual([]);
  });

  test('takes the word of the API server that refuses a token', async () => {
    const { access } = makeAccess({ refused: 'token has expired' });
    expect(await access('a token')).toEqual({
      refused: 'token',
      why: 'its token: token has expired',
    });
  });
});

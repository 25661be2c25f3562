// Whose a token is, by what an API server answers; and that the token, which the answer holds again, is never said.
import { expect, test } from 'vitest';
import { answers, refuses, scriptedServer } from './scripted-server.ts';

const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.e30.c2lnbmF0dXJl';
const USER = 'system:serviceaccount:lab:default';
const extra = {
  'authentication.kubernetes.io/pod-name': ['night-0-0'],
  'authentication.kubernetes.io/pod-uid': ['uid'],
};

const reviewed = (status: unknown) => ({ spec: { token: TOKEN }, status });

async function review(answer: unknown) {
  await using server = await scriptedServer([answers(201, answer)]);
  const result = await server.clients.reviewToken(TOKEN, 'bionas-nats');
  return { result, server };
}

test('one of a Pod is followed to that Pod', async () => {
  const status = {
    authenticated: true,
    audiences: ['bionas-nats'],
    user: { username: USER, extra },
  };
  const { result, server } = await review(reviewed(status));
  expect(result).toEqual({ user: USER, pod: { name: 'night-0-0', uid: 'uid' } });
  expect(server.asked()).toEqual(['POST /apis/authentication.k8s.io/v1/tokenreviews']);
  expect(JSON.parse(server.received[0]?.body ?? '')).toMatchObject({
    kind: 'TokenReview',
    spec: { token: TOKEN, audiences: ['bionas-nats'] },
  });
});

test('one that was made for no Pod is of none', async () => {
  const user = { username: USER, extra: {} };
  const { result } = await review(
    reviewed({ authenticated: true, audiences: ['bionas-nats'], user }),
  );
  expect(result).toEqual({ user: USER });
});

test.each([
  [{ authenticated: false, error: `invalid bearer token ${TOKEN}` }, 'invalid bearer token ...'],
  [{ authenticated: false }, 'not authenticated'],
  [{}, 'not authenticated'],
  [
    { authenticated: true, audiences: ['other'], user: { username: USER, extra } },
    'it is not for the audience bionas-nats',
  ],
  [{ authenticated: true, user: { username: USER } }, 'it is not for the audience bionas-nats'],
  [
    { authenticated: true, audiences: ['bionas-nats'], user: {} },
    'the API server does not say whose it is',
  ],
])('%j is a refusal', async (status, refused) => {
  expect((await review(reviewed(status))).result).toEqual({ refused });
});

test('an answer that is none, and a server that refuses, are errors without the token', async () => {
  for (const act of [answers(201, { spec: { token: TOKEN } }), refuses(403, 'Forbidden', 'no')]) {
    await using server = await scriptedServer([act]);
    const failed = server.clients.reviewToken(TOKEN, 'bionas-nats');
    await expect(failed).rejects.toThrow(/tokenreviews/);
    await expect(failed).rejects.not.toThrow(TOKEN);
  }
});

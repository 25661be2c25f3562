// What the operator reads of a server's question and writes as its answer, by the library of the other side.
import { type AuthorizationResponse, decode, type User } from '@nats-io/jwt';
import { createAccount, createCurve, createServer, createUser } from '@nats-io/nkeys';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  granting,
  MalformedRequestError,
  readQuestion,
  refusing,
} from '../../../../../operator/adapters/nats/auth/messages.ts';
import { quickSigner } from '../../../../../operator/adapters/nats/auth/quick-signer.ts';

const issuer = createAccount();
const xkey = createCurve();
const serverXkey = createCurve();
const server = createServer().getPublicKey();
const user = createUser().getPublicKey();
const keys = { issuer: quickSigner(issuer), xkey };

const claims = (change: object = {}) => ({
  aud: 'nats-authorization-request',
  nats: {
    user_nkey: user,
    server_id: { id: server, name: 'nats-0' },
    connect_opts: { auth_token: 'a token', protocol: 1 },
    client_info: { host: '10.0.0.7' },
    ...change,
  },
});

const asJwt = (content: unknown): Uint8Array =>
  Buffer.from(`e30.${Buffer.from(JSON.stringify(content)).toString('base64url')}.sig`);

const seal = (data: Uint8Array): Uint8Array => serverXkey.seal(data, xkey.getPublicKey());

describe('a question', () => {
  test('says whom the answer is about, for whom it is, and what the client presents', () => {
    const asked = readQuestion(seal(asJwt(claims())), serverXkey.getPublicKey(), keys);
    expect(asked).toEqual({
      user,
      server,
      serverXkey: serverXkey.getPublicKey(),
      token: 'a token',
      host: '10.0.0.7',
    });
    const open = readQuestion(asJwt(claims({ connect_opts: {} })), undefined, { issuer });
    expect(open).toMatchObject({ token: '' });
  });

  test.each<[string, Uint8Array]>([
    ['for somebody else', asJwt({ ...claims(), aud: 'other' })],
    ['about no user', asJwt(claims({ user_nkey: server }))],
    ['of no server', asJwt(claims({ server_id: { id: user } }))],
    [
      'with a token of a megabyte',
      asJwt(claims({ connect_opts: { auth_token: 'x'.repeat(1e6) } })),
    ],
    ['that is no JWT', Buffer.from('hello')],
    ['that is nothing', Buffer.alloc(0)],
  ])('%s is malformed', (_, data) => {
    expect(() => readQuestion(data, undefined, { issuer })).toThrow(MalformedRequestError);
  });

  test('whatever comes in its place is malformed, and nothing worse', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.boolean(), (data, sealed) => {
        const from = sealed ? serverXkey.getPublicKey() : undefined;
        expect(() => readQuestion(data, from, sealed ? keys : { issuer })).toThrow(
          MalformedRequestError,
        );
      }),
    );
  });
});

describe('an answer', () => {
  const question = {
    user,
    server,
    serverXkey: serverXkey.getPublicKey(),
    token: 'a token',
    host: '',
  };
  const opened = (data: Uint8Array): string =>
    Buffer.from(serverXkey.open(data, xkey.getPublicKey()) ?? []).toString();
  const granted = {
    name: 'lab/night-0-0',
    permissions: { publish: ['a'], subscribe: ['b'] },
    account: 'TRAINERS',
    expiresMs: 1_900_000_000_500,
  };

  test('that lets in is sealed, and holds a user of that account until that time', async () => {
    const answer = decode<AuthorizationResponse>(opened(await granting(question, granted, keys)));
    expect(answer).toMatchObject({ sub: user, aud: server, iss: issuer.getPublicKey() });
    const jwt = decode<User>(answer.nats.jwt ?? '');
    expect(jwt).toMatchObject({
      ...{ sub: user, aud: 'TRAINERS', iss: issuer.getPublicKey(), name: 'lab/night-0-0' },
      exp: 1_900_000_000,
      nats: { pub: { allow: ['a'] }, sub: { allow: ['b'] } },
    });
  });

  test('that does not says why; nobody else can read either', async () => {
    const answer = await refusing(question, 'of no Pod', keys);
    expect(decode<AuthorizationResponse>(opened(answer)).nats).toMatchObject({
      error: 'of no Pod',
    });
    expect(createCurve().open(answer, xkey.getPublicKey())).toBeNull();
  });

  test('is signed as the library signs', () => {
    const data = Buffer.from('some text');
    expect(Buffer.from(keys.issuer.sign(data))).toEqual(Buffer.from(issuer.sign(data)));
    expect(keys.issuer.getPublicKey()).toBe(issuer.getPublicKey());
  });
});

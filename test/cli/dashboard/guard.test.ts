// Who may ask and who may edit, as pure decisions.
import { expect, test } from 'vitest';
import { bearerOf, checkHost, checkSameOrigin, isToken } from '../../../cli/dashboard/guard.ts';

test.each([
  'localhost',
  'localhost:8080',
  'LOCALHOST:8080',
  '127.0.0.1:8080',
  '[::1]:8080',
  '10.1.2.3',
  'nas.example.org',
  'nas.example.org:443',
])('%s is answered', (host) => {
  expect(() => checkHost(host, ['nas.example.org'])).not.toThrow();
});

test.each([
  'evil.example',
  'localhost.evil.example:8080',
  '127.0.0.1.evil.example',
  'nas.example.org.evil.example',
  '[::1].evil.example',
  '',
  undefined,
])('a name that may lead here from elsewhere is not: %s', (host) => {
  expect(() => checkHost(host, ['nas.example.org'])).toThrow(/--allow-host/);
});

const OWN = {
  host: 'localhost:8080',
  origin: 'http://localhost:8080',
  site: 'same-origin',
  type: 'application/json',
};

test('an edit from the own page is taken, also by a program that is no browser', () => {
  expect(() => checkSameOrigin(OWN)).not.toThrow();
  expect(() => checkSameOrigin({ ...OWN, origin: undefined, site: undefined })).not.toThrow();
  // Behind what ends TLS.
  expect(() => checkSameOrigin({ ...OWN, origin: 'https://localhost:8080' })).not.toThrow();
});

test.each([
  ['another page', { origin: 'http://evil.example' }, /page of this server/],
  ['another port of this machine', { origin: 'http://localhost:3000' }, /page of this server/],
  ['a page without an origin', { origin: 'null' }, /page of this server/],
  ['another site by its own word', { origin: undefined, site: 'cross-site' }, /another site/],
  ['a form, which every page may send', { type: 'text/plain' }, /application\/json/],
  ['a form without a type', { type: undefined }, /application\/json/],
])('an edit from %s is refused', (_, change, message) => {
  expect(() => checkSameOrigin({ ...OWN, ...change })).toThrow(message);
});

test('a token is what follows Bearer, whole', () => {
  expect(bearerOf('Bearer abc.DEF-1_2~+/=')).toBe('abc.DEF-1_2~+/=');
  for (const header of [undefined, '', 'Bearer ', 'Basic abc', 'Bearer a b', 'Bearer a\nb'])
    expect(() => bearerOf(header)).toThrow(/Authorization: Bearer TOKEN/);
  expect(isToken('abc', 'abc')).toBe(true);
  expect(isToken('abd', 'abc')).toBe(false);
  expect(isToken('ab', 'abc')).toBe(false);
});

// The keys of auth callout: who the operator is, who signs what trainers may do, and what seals the questions, which hold tokens.
import { readFileSync } from 'node:fs';
import type { KeyPair } from '@nats-io/nkeys';
import { createAccount, createCurve, createUser, fromCurveSeed, fromSeed } from '@nats-io/nkeys';
import { quickSigner } from './quick-signer.ts';

/** The file holds no seed of the kind that is needed. */
export class SeedError extends Error {
  override readonly name = 'SeedError';
}

const KINDS = {
  issuer: { prefix: 'SA', read: (seed: Uint8Array) => quickSigner(fromSeed(seed)) },
  xkey: { prefix: 'SX', read: fromCurveSeed },
} as const;

/** @throws SeedError, which never shows what the file holds. */
export function readSeed(file: string, kind: keyof typeof KINDS): KeyPair {
  const { prefix, read } = KINDS[kind];
  const refused = (found: string, cause?: unknown) =>
    new SeedError(`${file}: expected a seed ${prefix}... (node operator/nats-keys.ts), ${found}`, {
      cause,
    });
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw refused(`it cannot be read: ${cause instanceof Error ? cause.message : cause}`, cause);
  }
  if (!text.startsWith(prefix)) throw refused('found something else');
  try {
    return read(Buffer.from(text));
  } catch (cause) {
    throw refused('found a broken one', cause);
  }
}

export interface Key {
  readonly seed: string;
  readonly publicKey: string;
}

export type CalloutKeys = Readonly<Record<'operator' | 'issuer' | 'xkey', Key>>;

/** New ones at each call. */
export function makeKeys(): CalloutKeys {
  const written = (pair: KeyPair): Key => ({
    seed: Buffer.from(pair.getSeed()).toString('utf8'),
    publicKey: pair.getPublicKey(),
  });
  return {
    operator: written(createUser()),
    issuer: written(createAccount()),
    xkey: written(createCurve()),
  };
}

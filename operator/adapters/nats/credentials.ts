// How a connection says who it is and whom it trusts. Files are read at each connection, as Secrets are renewed in place.
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import {
  type ConnectionOptions,
  credsAuthenticator,
  nkeyAuthenticator,
} from '@nats-io/transport-node';

import { InvalidNatsUrlError } from './errors.ts';

export interface NatsCredentials {
  /** JWT and seed, as of a NATS that has an operator of its own. */
  readonly credsFile?: string | undefined;
  /** Seed of a user key (SU...) that the server's configuration names. */
  readonly nkeyFile?: string | undefined;
  /** PEM of who signs the server's certificate; by default whom Node trusts. With it only TLS will do. */
  readonly caFile?: string | undefined;
  /** PEM of a certificate of this client's own, and of its key. */
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
}

type Settings = Pick<ConnectionOptions, 'authenticator' | 'tls'>;

/** As the client's library takes them. Throws where a file cannot be read. @throws InvalidNatsUrlError */
export function settingsOf(servers: readonly string[], credentials: NatsCredentials): Settings {
  const { credsFile, nkeyFile, caFile, certFile, keyFile } = credentials;
  const files = Object.entries({ caFile, certFile, keyFile }).filter(([, file]) => file);
  for (const [, file = ''] of files) readFileSync(file);
  const isEncrypted = files.length > 0 || servers.every((url) => url.startsWith('tls:'));
  const address = servers.find((url) => isIP(new URL(url).hostname.replace(/^\[|\]$/g, '')) > 0);
  // The client's library would look for the name localhost in its certificate.
  if (isEncrypted && address !== undefined)
    throw new InvalidNatsUrlError(`${address}: expected a host's name where TLS is used`);
  return {
    ...(isEncrypted ? { tls: Object.fromEntries(files) } : {}),
    ...(credsFile === undefined ? {} : { authenticator: credsAuthenticator(latest(credsFile)) }),
    ...(nkeyFile === undefined ? {} : { authenticator: nkeyAuthenticator(seedIn(nkeyFile)) }),
  };
}

/** Seeds are kept with a newline, or without. */
function seedIn(file: string): () => Uint8Array {
  const content = latest(file);
  return () => Buffer.from(Buffer.from(content()).toString('utf8').trim());
}

/** The file's content at each connection; the last one that could be read where it cannot be now. */
function latest(file: string): () => Uint8Array {
  let content: Uint8Array = readFileSync(file);
  return () => {
    try {
      content = readFileSync(file);
    } catch {
      // A mounted Secret is gone for a moment while it is renewed.
    }
    return content;
  };
}

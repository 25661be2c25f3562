// A nats-server that asks the operator who comes in, the keys of both, and the operator's flags for it.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeKeys, serverConfiguration } from '../../../operator/adapters/nats/index.ts';
import { type Nats, startNats } from '../../../scripts/cluster/index.ts';
import { type Authority, tlsConfiguration } from '../../builders/certificates.ts';

export interface CalloutServer {
  readonly nats: Nats;
  readonly url: string;
  /** Of the operator. */
  readonly flags: readonly string[];
  /** The operator's own way in. */
  readonly nkeyFile: string;
  /** For files that go with the server. */
  readonly directory: string;
  readonly stop: () => Promise<void>;
}

/** With an authority, over TLS. */
export async function startCalloutServer(authority?: Authority): Promise<CalloutServer> {
  const keys = makeKeys();
  const directory = await mkdtemp(join(tmpdir(), 'bionas-callout-'));
  const fileOf = async (name: keyof typeof keys) => {
    await writeFile(join(directory, name), `${keys[name].seed}\n`, { mode: 0o600 });
    return join(directory, name);
  };
  const tls = authority && tlsConfiguration(authority.sign('DNS:localhost'));
  const nats = await startNats({ configuration: `${serverConfiguration(keys)}${tls ?? ''}` });
  const nkeyFile = await fileOf('operator');
  return {
    nats,
    url: authority === undefined ? nats.url : nats.url.replace('127.0.0.1', 'localhost'),
    flags: [
      `--nats-nkey=${nkeyFile}`,
      `--nats-auth-issuer=${await fileOf('issuer')}`,
      `--nats-auth-xkey=${await fileOf('xkey')}`,
      ...(authority === undefined ? [] : [`--nats-ca=${authority.certificate}`]),
    ],
    nkeyFile,
    directory,
    stop: async () => {
      await nats.stop();
      await rm(directory, { recursive: true });
    },
  };
}

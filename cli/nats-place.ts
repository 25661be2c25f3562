// Flags that say where NATS is and how to come in, of every command that reads or writes there.
import type { Command } from 'commander';

export interface NatsPlace {
  readonly nats: string;
  /** Paths. */
  readonly natsCreds?: string | undefined;
  readonly natsNkey?: string | undefined;
  readonly natsCa?: string | undefined;
}

const ON_THIS_MACHINE = 'nats://127.0.0.1:4222';

/** Adds the flags; `of` says whose NATS it is. Without a `url` by default there may be none. */
export const withNatsOptions = (
  command: Command,
  of: string,
  { url = ON_THIS_MACHINE }: { readonly url?: string | false } = {},
): Command =>
  command
    .option('--nats <url>', of, url || undefined)
    .option('--nats-creds <file>', 'credentials file for NATS')
    .option('--nats-nkey <file>', 'or seed of a user key for NATS')
    .option('--nats-ca <file>', 'PEM of who signs the certificate of NATS');

/** As an adapter takes it. */
export const natsAt = ({ nats: url, natsCreds, natsNkey, natsCa }: NatsPlace) => ({
  url,
  credsFile: natsCreds,
  nkeyFile: natsNkey,
  caFile: natsCa,
});

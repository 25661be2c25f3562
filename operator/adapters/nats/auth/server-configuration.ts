// The part of nats-server's configuration by which it asks the operator who may come in. Two accounts: streams and operator live
// in one, trainers in the other, which has no JetStream. What a trainer sends crosses over; what the server answers crosses
// back and goes no further. In one account, an answer could be aimed at any subject, since nobody checks where answers go:
// at another trial's reports, or at JetStream's own commands (docs/nats.md).
import type { CalloutKeys } from './keys.ts';

export const TRAINERS = 'TRAINERS';
const OPERATOR = 'BIONAS';

/** What crosses from trainers to streams; what one trainer may send of it is in its permissions. */
const CROSSING = ['bionas.*.*.*.*', '$O.>', '$JS.API.DIRECT.GET.>'];

type PublicKeys = Readonly<
  Record<keyof CalloutKeys, Pick<CalloutKeys[keyof CalloutKeys], 'publicKey'>>
>;

/** In nats-server's own format, to be included. `timeout`, in seconds: the operator asks the API server within it. */
export function serverConfiguration({ operator, issuer, xkey }: PublicKeys): string {
  const exported = CROSSING.map((subject) => `{ service: "${subject}", accounts: [${TRAINERS}] }`);
  const imported = CROSSING.map(
    (subject) => `{ service: { account: ${OPERATOR}, subject: "${subject}" } }`,
  );
  return `accounts {
  ${OPERATOR} {
    jetstream: enabled
    users: [ { nkey: ${operator.publicKey} } ]
    exports: [
      ${exported.join('\n      ')}
    ]
  }
  ${TRAINERS} {
    imports: [
      ${imported.join('\n      ')}
    ]
  }
}
authorization {
  timeout: 5
  auth_callout {
    account: ${OPERATOR}
    auth_users: [ ${operator.publicKey} ]
    issuer: ${issuer.publicKey}
    xkey: ${xkey.publicKey}
  }
}
`;
}

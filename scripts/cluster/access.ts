// Who may talk to the API server: a key for service accounts and a random token for each of those that a cluster starts with.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { NODE_NAME } from './node/configuration.ts';

const USERS = {
  admin: { user: 'admin', groups: ['system:masters'] },
  'kube-controller-manager': { user: 'system:kube-controller-manager', groups: [] },
  'kube-scheduler': { user: 'system:kube-scheduler', groups: [] },
  kubelet: { user: `system:node:${NODE_NAME}`, groups: ['system:nodes'] },
} as const;

type UserName = keyof typeof USERS;

export interface Access {
  readonly serviceAccountKey: string;
  readonly serviceAccountPublicKey: string;
  /** For --token-auth-file. */
  readonly tokens: string;
  /** Of the administrator. */
  readonly token: string;
  /** Path of a kubeconfig. */
  readonly kubeconfigOf: (name: UserName) => string;
  /** The API server writes its certificate, and its authority's, into this file of this folder when it starts. */
  readonly certificates: string;
  readonly authority: string;
}

/** Writes keys, tokens and kubeconfigs, readable by their owner only. */
export function writeAccess(directory: string, server: string): Access {
  const place = (name: string) => join(directory, name);
  const write = (name: string, content: string) => {
    writeFileSync(place(name), content, { mode: 0o600 });
    return place(name);
  };
  const certificates = place('certificates');
  mkdirSync(certificates, { recursive: true });
  const authority = join(certificates, 'apiserver.crt');
  const keys = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const tokens = new Map<string, string>();
  for (const name of Object.keys(USERS)) {
    tokens.set(name, randomBytes(24).toString('base64url'));
    write(`${name}.kubeconfig`, kubeconfig({ server, authority, token: tokens.get(name) ?? '' }));
  }
  const lines = Object.entries(USERS).map(
    ([name, { user, groups }]) => `${tokens.get(name)},${user},${name},"${groups.join(',')}"\n`,
  );
  return {
    serviceAccountKey: write('service-accounts.key', keys.privateKey),
    serviceAccountPublicKey: write('service-accounts.pub', keys.publicKey),
    tokens: write('tokens.csv', lines.join('')),
    token: tokens.get('admin') ?? '',
    kubeconfigOf: (name) => place(`${name}.kubeconfig`),
    certificates,
    authority,
  };
}

function kubeconfig(entry: { server: string; authority: string; token: string }): string {
  const name = 'bionas';
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name, cluster: { server: entry.server, 'certificate-authority': entry.authority } },
    ],
    users: [{ name, user: { token: entry.token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  });
}

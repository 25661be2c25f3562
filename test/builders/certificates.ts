// An authority of a test's own and what it signs, as PEM files in a folder. By openssl, where there is one.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Signed {
  readonly certificate: string;
  readonly key: string;
}

const KIND = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

const openssl = (...args: string[]): void => {
  execFileSync('openssl', args, { stdio: 'pipe' });
};

export const hasOpenssl: boolean = (() => {
  try {
    openssl('version');
    return true;
  } catch {
    return false;
  }
})();

export class Authority {
  readonly #folder = mkdtempSync(join(tmpdir(), 'bionas-authority-'));
  /** PEM file. */
  readonly certificate = this.#place('ca.pem');
  readonly #key = this.#place('ca.key');
  #count = 0;

  constructor() {
    const files = ['-keyout', this.#key, '-out', this.certificate];
    openssl('req', '-x509', ...KIND, '-subj', '/CN=a test', '-days', '2', ...files);
  }

  get pem(): string {
    return readFileSync(this.certificate, 'utf8');
  }

  /** For servers by names such as `DNS:localhost,IP:127.0.0.1`, and for clients. */
  sign(names: string): Signed {
    const name = `signed-${this.#count++}`;
    const [key, request, certificate, extensions] = ['key', 'csr', 'pem', 'ext'].map((end) =>
      this.#place(`${name}.${end}`),
    ) as [string, string, string, string];
    writeFileSync(extensions, `subjectAltName=${names}\nextendedKeyUsage=serverAuth,clientAuth\n`);
    openssl('req', ...KIND, '-subj', `/CN=${name}`, '-keyout', key, '-out', request);
    const by = ['-CA', this.certificate, '-CAkey', this.#key, '-CAcreateserial'];
    const files = ['-in', request, '-out', certificate, '-extfile', extensions];
    openssl('x509', '-req', ...by, ...files, '-days', '2');
    return { certificate, key };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }

  #place(name: string): string {
    return join(this.#folder, name);
  }
}

/** nats-server's configuration: TLS, and of clients a certificate where `verifies` is whose. */
export const tlsConfiguration = ({ certificate, key }: Signed, verifies?: Authority): string => {
  const clients =
    verifies === undefined ? '' : `, ca_file: "${verifies.certificate}", verify: true`;
  return `tls { cert_file: "${certificate}", key_file: "${key}"${clients} }`;
};

// How the API server proves to a kubelet who it is, for logs and exec: by a certificate, the one thing that no token does here.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { NodeImpossibleError } from './packages.ts';

const run = promisify(execFile);

export const clientCertificate = (directory: string) => join(directory, 'kubelet-client.crt');

/** Makes a certificate that is its own authority, and returns the API server's flags. Throws NodeImpossibleError. */
export async function kubeletClientFlags(directory: string): Promise<string[]> {
  const certificate = clientCertificate(directory);
  const key = join(directory, 'kubelet-client.key');
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const content = ['-subj', '/O=system:masters/CN=kube-apiserver', '-days', '30'];
  const usage = ['-addext', 'extendedKeyUsage=clientAuth'];
  const files = ['-keyout', key, '-out', certificate];
  try {
    await run('openssl', ['req', '-x509', ...kind, ...content, ...usage, ...files]);
  } catch (cause) {
    throw new NodeImpossibleError('openssl could not make a certificate', { cause });
  }
  return [
    `--kubelet-client-certificate=${certificate}`,
    `--kubelet-client-key=${key}`,
    '--kubelet-preferred-address-types=Hostname',
  ];
}

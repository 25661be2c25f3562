// The operator of a release, as its Deployment says: the flags that stand there, under the ServiceAccount that is named there,
// with the files that are mounted there. It runs from this checkout, since the nodes here are fake and run nothing.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ControlPlane,
  type OperatorProcess,
  startOperator,
} from '../../../scripts/cluster/index.ts';

export interface Release {
  readonly name: string;
  readonly namespace: string;
}

interface PodSpec {
  readonly serviceAccountName: string;
  readonly containers: readonly {
    readonly args: readonly string[];
    readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  }[];
  readonly volumes: readonly {
    readonly name: string;
    readonly configMap?: { readonly name: string };
    readonly secret?: { readonly secretName: string };
  }[];
}

/** Back when its informers have synced; it leads when nobody else does. */
export async function startInstalledOperator(
  plane: ControlPlane,
  { name, namespace }: Release,
): Promise<OperatorProcess> {
  const read = async (...what: string[]) =>
    JSON.parse(await plane.kubectl(['-n', namespace, 'get', ...what, '-o', 'json']));
  const of = `app.kubernetes.io/instance=${name},app.kubernetes.io/component=operator`;
  const [deployment] = (await read('deployments', '-l', of)).items;
  const spec: PodSpec = deployment.spec.template.spec;
  const folder = join(plane.directory, namespace);
  const [container] = spec.containers;
  let flags = container?.args ?? [];
  for (const { name: mounted, mountPath } of container?.volumeMounts ?? []) {
    const place = join(folder, mountPath);
    mkdirSync(place, { recursive: true });
    const volume = spec.volumes.find((other) => other.name === mounted);
    const { configMap, secret } = volume ?? {};
    const { data } = configMap
      ? await read('configmap', configMap.name)
      : await read('secret', secret?.secretName ?? '');
    for (const [file, text] of Object.entries<string>(data))
      writeFileSync(join(place, file), secret ? Buffer.from(text, 'base64') : text);
    flags = flags.map((flag) => flag.replace(`=${mountPath}/`, `=${place}/`));
  }
  const token = await plane.kubectl(['-n', namespace, 'create', 'token', spec.serviceAccountName]);
  const kubeconfig = join(folder, 'kubeconfig');
  const admin = readFileSync(plane.kubeconfig, 'utf8');
  writeFileSync(kubeconfig, admin.replaceAll(plane.token, token.trim()), { mode: 0o600 });
  const nats = flags.find((flag) => flag.startsWith('--nats='))?.slice('--nats='.length) ?? '';
  return startOperator({ kubeconfig, nats, flags: [...flags, '--health-port=0'] });
}

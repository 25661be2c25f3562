// The operator of a release, as its Deployment says: the flags that stand there, under the ServiceAccount that is named there,
// with the Pod template that is mounted there. It runs from this checkout, since the nodes here are fake and run nothing.
import { readFileSync, writeFileSync } from 'node:fs';
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

/** Back when its informers have synced; it leads when nobody else does. */
export async function startInstalledOperator(
  plane: ControlPlane,
  { name, namespace }: Release,
): Promise<OperatorProcess> {
  const read = async (kind: string, component: string) => {
    const of = `app.kubernetes.io/instance=${name},app.kubernetes.io/component=${component}`;
    const found = await plane.kubectl(['-n', namespace, 'get', kind, '-l', of, '-o', 'json']);
    return JSON.parse(found).items[0];
  };
  const { spec } = (await read('deployments', 'operator')).spec.template;
  const { data } = await read('configmaps', 'trainer');
  const template = join(plane.directory, `${namespace}-template.yaml`);
  writeFileSync(template, data['template.yaml']);
  const account: string = spec.serviceAccountName;
  const token = await plane.kubectl(['-n', namespace, 'create', 'token', account]);
  const kubeconfig = join(plane.directory, `${namespace}-${account}.kubeconfig`);
  const admin = readFileSync(plane.kubeconfig, 'utf8');
  writeFileSync(kubeconfig, admin.replaceAll(plane.token, token.trim()), { mode: 0o600 });
  const flags: string[] = spec.containers[0].args;
  const nats = flags.find((flag) => flag.startsWith('--nats='))?.slice('--nats='.length) ?? '';
  const here = [`--trainer-template=${template}`, '--health-port=0'];
  return startOperator({ kubeconfig, nats, flags: [...flags, ...here] });
}

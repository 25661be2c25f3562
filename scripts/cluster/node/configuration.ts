// The configuration files of a real node's parts. Everything lies in one folder, so that its end can be seen to.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { IMAGE } from './image.ts';
import { PLUGIN_FOLDERS } from './packages.ts';
import { controlGroupOf } from './remains.ts';

/** Resolves without an entry in /etc/hosts: the API server finds the kubelet by its node's name. */
export const NODE_NAME = 'localhost';

export interface NodeLayout {
  readonly directory: string;
  readonly kubeletPort: number;
  /** PEM file: whoever holds its key may ask the kubelet for logs and exec. */
  readonly kubeletClientCertificate: string;
}

export const socketOf = ({ directory }: NodeLayout) => join(directory, 'containerd.sock');
export const networkFolder = ({ directory }: NodeLayout) => join(directory, 'network');

export function containerdConfiguration(layout: NodeLayout): string {
  const place = (name: string) => JSON.stringify(join(layout.directory, name));
  const plugins = PLUGIN_FOLDERS.find((folder) => existsSync(folder)) ?? PLUGIN_FOLDERS[0];
  return `version = 2
root = ${place('containerd')}
state = ${place('containerd-state')}
[grpc]
  address = ${JSON.stringify(socketOf(layout))}
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${IMAGE}"
  disable_apparmor = true
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      SystemdCgroup = false
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${plugins}"
    conf_dir = ${JSON.stringify(networkFolder(layout))}
`;
}

/** Where Services are: kube-apiserver's --service-cluster-ip-range. */
const SERVICES = '10.96.0.0/16';
export const NAME_SERVER = '10.96.0.10';
export const CLUSTER_DOMAIN = 'cluster.local';

/** A pair of devices for each Pod and no bridge: nothing of it is left when the Pod is gone. Pods reach Pods and Services only. */
export function networkConfiguration(layout: NodeLayout): string {
  const ipam = {
    type: 'host-local',
    ranges: [[{ subnet: '10.88.0.0/24' }]],
    routes: [{ dst: SERVICES }],
    dataDir: join(layout.directory, 'addresses'),
  };
  const plugins = [{ type: 'ptp', ipam }];
  return JSON.stringify({ cniVersion: '1.0.0', name: 'pods', plugins });
}

export function kubeletConfiguration(layout: NodeLayout): string {
  return stringify({
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: '127.0.0.1',
    port: layout.kubeletPort,
    healthzPort: 0,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: layout.kubeletClientCertificate },
    },
    authorization: { mode: 'Webhook' },
    containerRuntimeEndpoint: `unix://${socketOf(layout)}`,
    // Machines of either kind will do, and containerd 1.6 does not tell its driver.
    failCgroupV1: false,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${controlGroupOf(layout.directory)}`,
    failSwapOn: false,
    enforceNodeAllocatable: [],
    localStorageCapacityIsolation: false,
    makeIPTablesUtilChains: false,
    resolvConf: '',
    clusterDNS: [NAME_SERVER],
    clusterDomain: CLUSTER_DOMAIN,
    // A full disk is for its owner to see to.
    imageGCHighThresholdPercent: 100,
    evictionHard: { 'memory.available': '100Mi' },
    podLogsDir: join(layout.directory, 'pod-logs'),
    volumePluginDir: join(layout.directory, 'volume-plugins'),
  });
}

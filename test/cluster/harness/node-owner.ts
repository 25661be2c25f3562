// Starts a control plane with a real node and a Pod on it, says where it keeps its data, and waits to be killed.
import { startControlPlane } from '../../../scripts/cluster/index.ts';
import { hostPodTemplate, startNode } from '../../../scripts/cluster/node/index.ts';

const plane = await startControlPlane({ realNode: true });
const node = await startNode(plane);
await node.serveServices();
const command = [process.execPath, '-e', 'setInterval(() => {}, 1000)'];
const { spec } = hostPodTemplate({ command });
// A network of its own, so that there is one to leave behind.
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'stays' },
  spec: { ...spec, hostNetwork: false },
};
await plane.kubectl(['create', '-f', '-'], JSON.stringify(pod));
await plane.kubectl(['wait', 'pod/stays', '--for=condition=Ready', '--timeout=60s']);
process.stdout.write(`${plane.directory}\n`);
setInterval(() => {}, 60_000);

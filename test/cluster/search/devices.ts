// Devices of fake nodes as a DRA driver publishes them, and Pod templates that claim one.
import type { Kubectl } from '../../../scripts/cluster/index.ts';
import { TEMPLATE } from './search-room.ts';

const apiVersion = 'resource.k8s.io/v1';
const DRIVER = 'gpu.bionas.example';
const CLASS = 'bionas-gpu';

/** Four on each node. */
export async function publishDevices(kubectl: Kubectl, nodes: readonly string[]): Promise<void> {
  const expression = `device.driver == '${DRIVER}'`;
  const deviceClass = {
    apiVersion,
    kind: 'DeviceClass',
    metadata: { name: CLASS },
    spec: { selectors: [{ cel: { expression } }] },
  };
  const slices = nodes.map((nodeName) => ({
    apiVersion,
    kind: 'ResourceSlice',
    metadata: { name: `${nodeName}-gpus` },
    spec: {
      driver: DRIVER,
      nodeName,
      pool: { name: nodeName, generation: 1, resourceSliceCount: 1 },
      devices: [0, 1, 2, 3].map((index) => ({ name: `gpu-${index}` })),
    },
  }));
  for (const object of [deviceClass, ...slices])
    await kubectl(['apply', '-f', '-'], JSON.stringify(object));
}

/** A ResourceClaimTemplate for one device. */
export const claimTemplate = (name: string) => ({
  apiVersion,
  kind: 'ResourceClaimTemplate',
  metadata: { name },
  spec: {
    spec: { devices: { requests: [{ name: 'gpu', exactly: { deviceClassName: CLASS } }] } },
  },
});

/** The template of Pods whose trainer has the claimed device, and no other. */
export function withClaim(claim: Readonly<Record<string, string>>) {
  const [{ name, image } = { name: 'trainer', image: 'trainer' }] = TEMPLATE.spec.containers;
  return {
    ...TEMPLATE,
    spec: {
      ...TEMPLATE.spec,
      resourceClaims: [{ name: 'device', ...claim }],
      containers: [{ name, image, resources: { claims: [{ name: 'device' }] } }],
    },
  };
}

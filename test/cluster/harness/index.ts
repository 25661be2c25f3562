// The door of tests that need a cluster. Two ways to one, by vitest projects `cluster` (*.cluster.test.ts) and `plane`:
//   const { kubectl, kubeconfig, natsUrl } = sharedCluster();      one for all files, for whoever breaks nothing
//   const namespace = await makeNamespace(kubectl);                one's own room in it, with its `default` service account
//   await using plane = await startControlPlane({ parts: [...] });  one's own, to kill and cut (scripts/cluster/index.ts)
export { Gate } from './gate.ts';
export { kubeconfigWith } from './kubeconfig-with.ts';
export { makeNamespace, type SharedCluster, sharedCluster } from './shared-cluster.ts';
export { slowDown, speedUp } from './slow-down.ts';

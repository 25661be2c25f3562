// Queues of Kueue with a quota of GPUs, and its priorities.
const apiVersion = 'kueue.x-k8s.io/v1beta2';

/** Of every node. */
export const FLAVOR = { apiVersion, kind: 'ResourceFlavor', metadata: { name: 'any' } };

/** Preempts what is less important in it, and takes back from its cohort what is its own. */
export const clusterQueue = (
  name: string,
  {
    gpus,
    cohort,
    ...more
  }: { readonly gpus: number; readonly cohort?: string; readonly admissionScope?: object },
) => ({
  apiVersion,
  kind: 'ClusterQueue',
  metadata: { name },
  spec: {
    namespaceSelector: {},
    ...more,
    ...(cohort === undefined ? {} : { cohortName: cohort }),
    preemption: { withinClusterQueue: 'LowerPriority', reclaimWithinCohort: 'Any' },
    resourceGroups: [
      {
        coveredResources: ['nvidia.com/gpu'],
        flavors: [{ name: 'any', resources: [{ name: 'nvidia.com/gpu', nominalQuota: gpus }] }],
      },
    ],
  },
});

/** Of the same name as its ClusterQueue, unless another is named. */
export const localQueue = (name: string, queue = name) => ({
  apiVersion,
  kind: 'LocalQueue',
  metadata: { name },
  spec: { clusterQueue: queue },
});

export const priorityClass = (name: string, value: number) => ({
  apiVersion,
  kind: 'WorkloadPriorityClass',
  metadata: { name },
  value,
});

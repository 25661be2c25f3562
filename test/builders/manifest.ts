// Manifests for tests, as a user writes them: only what has no default.
type Json = Record<string, unknown>;

export const minimalSearchSpec: Json = {
  searchSpace: { kind: 'nb201' },
  dataset: { name: 'fashion-mnist' },
};

/** A small BioNASSearch; `spec` replaces whole fields. */
export function makeSearchManifest(spec: Json = {}): Json {
  return {
    apiVersion: 'bionas.dev/v1alpha1',
    kind: 'BioNASSearch',
    metadata: { name: 'night' },
    spec: { ...minimalSearchSpec, ...spec },
  };
}

export const minimalTrialSpec: Json = {
  search: 'night',
  index: 0,
  purpose: 'Search',
  genotype: 'lenet;conv2=uSF,conv3=FA,fc1=brSF,fc2=frSF',
  proposedAfter: 0,
  seed: 1,
  shape: { channels: 16, network: 'lenet' },
  dataset: { name: 'mnist' },
  training: { epochs: 2 },
  fidelity: { epochs: 1 },
};

/** A small Trial; `spec` replaces whole fields. */
export function makeTrialManifest(spec: Json = {}): Json {
  return {
    apiVersion: 'bionas.dev/v1alpha1',
    kind: 'Trial',
    metadata: { name: 'night-0' },
    spec: { ...minimalTrialSpec, ...spec },
  };
}

// Manifests as texts, for tests of what is said about a line and a column.

export const SEARCH = `apiVersion: bionas.dev/v1alpha1
kind: BioNASSearch
metadata:
  name: night
spec:
  searchSpace:
    kind: nb201
    learningRules: [BP, uSF]
  dataset:
    name: cifar10
  budget: {trials: 20}
`;
export const TRIAL = `apiVersion: bionas.dev/v1alpha1
kind: Trial
metadata: {name: night-0}
spec:
  search: night
  index: 0
  purpose: Search
  genotype: lenet;conv2=uSF,conv3=FA,fc1=brSF,fc2=frSF
  proposedAfter: 0
  seed: 1
  shape: {channels: 16, network: lenet}
  dataset: {name: mnist}
  training: {epochs: 2}
  fidelity: {epochs: 1}
`;

/** The search with one piece of its text replaced. */
export const searchText = (from: string, to: string) => SEARCH.replace(from, to);
/** The trial with one piece of its text replaced. */
export const trialText = (from: string, to: string) => TRIAL.replace(from, to);
/** The search with lines more in its spec; the first is line 12. */
export const withSpec = (lines: string) => `${SEARCH}${lines.replace(/^(?=.)/gm, '  ')}\n`;

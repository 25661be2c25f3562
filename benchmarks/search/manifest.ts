// The search of `make bench-search-throughput`: 16 random NAS-Bench-201 cells, 2 epochs of 5,000 CIFAR-10 pictures each.
export const TRIALS = 16;

export const manifest = (pictures: string): string => `apiVersion: bionas.dev/v1alpha1
kind: BioNASSearch
metadata: { name: throughput }
spec:
  seed: 7
  searchSpace: { kind: nb201, conversion: partial, cells: 1, channels: 16 }
  dataset: { name: cifar10, path: ${JSON.stringify(pictures)}, trainPictures: 5000, validationPictures: 1000 }
  training:
    epochs: 2
    batchSize: 64
    optimizer: { learningRate: 0.05, weightDecay: 0.0005 }
    augmentation: { crop: 4, flip: true }
  algorithm: { name: random }
  budget: { trials: ${TRIALS} }
  parallelism: 2
  final: { topK: 0 }
`;

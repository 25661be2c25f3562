// The contract between users, operator and trainer. It imports nothing of ours.
export * from './v1alpha1/index.ts';

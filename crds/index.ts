// The contract between users, operator and trainer. It imports nothing of ours.
export { nearestName } from './nearest.ts';
export * from './v1alpha1/index.ts';

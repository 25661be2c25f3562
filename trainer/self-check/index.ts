// Door of the self-check: what computes, and whether it is what was asked for.
export { readDriver } from './driver.ts';
export { cudaLibraries } from './libraries.ts';
export { machineKind } from './machine-kind.ts';
export { DeviceError, selfCheck } from './self-check.ts';

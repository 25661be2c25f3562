// Door of networks as PyTorch modules.
export { ExportedModelError } from './exported-model.ts';
export { type NetworkModule, networkModule, type TrainedNetwork } from './network-module.ts';

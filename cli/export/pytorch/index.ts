// Door of networks as PyTorch modules.
export { type NetworkModule, networkModule } from './network-module.ts';

// A real cluster on this machine, for tests, benchmarks and `make cluster`. Every start waits until the thing is ready, uses free
// ports of 127.0.0.1, and puts data and logs (NAME.log) into `directory`, else into a folder that goes with it. Everything has
// stop() and can be disposed of (`await using plane = await startControlPlane()` in tests), and nothing outlives this process,
// whatever it dies of. The doors of the parts: control-plane.ts, nats.ts, kwok.ts, kueue.ts; all of them at once: cluster.ts.
export { type Cluster, startCluster } from './cluster.ts';
export { type ControlPlane, startControlPlane } from './control-plane.ts';
export { type Kubectl, KubectlError, kubectlOf } from './kubectl.ts';
export { type Kueue, startKueue } from './kueue.ts';
export { type Kwok, startKwok } from './kwok.ts';
export { type Nats, startNats } from './nats.ts';
export { type OperatorProcess, type OperatorProcessOptions, startOperator } from './operator.ts';
export { isKueueBuilt } from './programs.ts';

// A real cluster on this machine, for tests, benchmarks and `make cluster`. Every start waits until the thing is ready, uses free
// ports of 127.0.0.1, and puts data and logs (NAME.log) into `directory`, else into a folder that goes with it. Everything can be
// disposed of (`await using plane = await startControlPlane()`), and nothing outlives this process, whatever it dies of.
//   startControlPlane({ parts: ['etcd', 'kube-apiserver'] }) -> kubeconfig, server, token, kubectl, killApiserver, restartApiserver
//   startNats({ configuration })                             -> url, kill, restart({ keepDisk }), stop
export { ControlPlane, type ControlPlaneOptions, startControlPlane } from './control-plane.ts';
export { type Kubectl, KubectlError, kubectlOf } from './kubectl.ts';
export { Nats, type NatsOptions, startNats } from './nats.ts';

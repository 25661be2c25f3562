// Starts an API server and NATS, says where they are, and waits to be killed.
import { startControlPlane, startNats } from '../../../scripts/cluster/index.ts';

const plane = await startControlPlane({ parts: ['etcd', 'kube-apiserver'] });
const nats = await startNats();
const place = ({ port, directory }: { port: number; directory: string }) => ({ port, directory });
const pids = [...Object.values(plane.pids), nats.pid];
process.stdout.write(JSON.stringify({ plane: place(plane), nats: place(nats), pids }));
setInterval(() => {}, 60_000);

// A namespace of the shared cluster with an operator of its own and simulated trainers in it.
import { type OperatorProcess, startOperator } from '../../../scripts/cluster/index.ts';
import { makeNamespace, sharedCluster } from '../harness/index.ts';
import { SimulatedTrainers } from '../simulation/trainers.ts';
import { SearchRoom } from './search-room.ts';

export interface StaffedRoom extends AsyncDisposable {
  readonly room: SearchRoom;
  readonly operator: OperatorProcess;
  readonly trainers: SimulatedTrainers;
}

export interface Staff {
  readonly seed?: number;
  /** How long a trial takes that starts now. */
  readonly trainMs?: () => number | Promise<number>;
  /** Of the namespace, as `key=value`. */
  readonly label?: string;
  /** The operator's. */
  readonly env?: Readonly<Record<string, string>>;
}

export async function staffRoom({
  seed = 1,
  trainMs = () => 300,
  label,
  env,
}: Staff = {}): Promise<StaffedRoom> {
  const { kubeconfig, natsUrl: nats, kubectl } = sharedCluster();
  const namespace = await makeNamespace(kubectl);
  if (label !== undefined) await kubectl(['label', 'namespace', namespace, label]);
  const behaviour = { trainMs };
  const trainers = await SimulatedTrainers.start({ kubeconfig, nats, seed, namespace, behaviour });
  const flags = [`--namespace=${namespace}`, `--lease-namespace=${namespace}`];
  const operator = await startOperator({ kubeconfig, nats, flags, ...(env && { env }) });
  return {
    room: new SearchRoom(kubectl, namespace),
    operator,
    trainers,
    [Symbol.asyncDispose]: async () => {
      await operator.stop();
      await trainers[Symbol.asyncDispose]();
    },
  };
}

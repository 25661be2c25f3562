// A TF_Session and its graph: opened, asked for its device, released.
import type { CApi, Handle } from './c-api.ts';
import { encodeConfig, type SessionConfig } from './config-proto.ts';
import { workerConfig } from './server-def.ts';
import { checked, checkedHandle } from './status.ts';
import type { WorkerServer } from './worker-server.ts';

/** Takes the graph as it stands; nodes added later become known at the next run. `server`: of a session that sums up with others. */
export function openNative(
  api: CApi,
  graph: Handle,
  {
    config,
    server,
  }: { readonly config: SessionConfig; readonly server?: WorkerServer | undefined },
): Handle {
  const options = api.newSessionOptions();
  const own = encodeConfig(config);
  const proto = server === undefined ? own : workerConfig(own, server.peers);
  try {
    if (server !== undefined) api.setTarget(options, server.target);
    checked(api, 'TensorFlow refused the session options', (status) =>
      api.setConfig(options, proto, proto.length, status),
    );
    return checkedHandle(api, 'TensorFlow could not open a session', (status) =>
      api.newSession(graph, options, status),
    );
  } finally {
    api.deleteSessionOptions(options);
  }
}

/** The graph is deleted too. */
export function releaseNative(api: CApi, session: Handle, graph: Handle): void {
  const status = api.newStatus();
  api.closeSession(session, status);
  api.deleteSession(session, status);
  api.deleteGraph(graph);
  api.deleteStatus(status);
}

/** The device that TensorFlow places operations on: a GPU when the session has one. */
export function deviceOf(api: CApi, session: Handle): string {
  const devices = checkedHandle(api, 'TensorFlow lists no devices', (status) =>
    api.listDevices(session, status),
  );
  try {
    const types = Array.from({ length: api.deviceCount(devices) }, (_, i) =>
      checked(api, "TensorFlow hides a device's type", (status) =>
        api.deviceType(devices, i, status),
      ),
    );
    return types.find((type) => type === 'GPU') ?? types[0] ?? 'none';
  } finally {
    api.deleteDevices(devices);
  }
}

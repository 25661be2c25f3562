// Finds the cluster and who asks: a file, $KUBECONFIG, ~/.kube/config, or the service account of the Pod.
import { KubeConfig } from '@kubernetes/client-node';

export interface KubeConfigSource {
  /** Path of a kubeconfig; left out: where clients look by default. */
  readonly file?: string | undefined;
  /** A context of it; left out: its current one. */
  readonly context?: string | undefined;
}

/** There is no usable kubeconfig. */
export class KubeConfigError extends Error {
  override readonly name = 'KubeConfigError';
}

/** What client-node makes up when it finds nothing. */
const MADE_UP = 'http://localhost:8080';

/** @throws KubeConfigError */
export function loadKubeConfig({ file, context }: KubeConfigSource = {}): KubeConfig {
  const config = new KubeConfig();
  const where = file ?? 'kubeconfig';
  try {
    if (file === undefined) config.loadFromDefault();
    else config.loadFromFile(file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new KubeConfigError(`${where}: cannot be read: ${why}; --kubeconfig names another one`, {
      cause: error,
    });
  }
  if (context !== undefined) config.setCurrentContext(context);
  const server = config.getCurrentCluster()?.server;
  if (file === undefined && server === MADE_UP) {
    throw new KubeConfigError(
      'found no kubeconfig: none in $KUBECONFIG, ~/.kube/config or a Pod; give a file',
    );
  }
  if (!server) {
    const known = config.contexts.map(({ name }) => name).join(', ') || 'none';
    const wanted = config.getCurrentContext() || '(no current context)';
    throw new KubeConfigError(
      `${where}: context ${wanted} leads to no cluster (contexts: ${known})`,
    );
  }
  return config;
}

/** The namespace of the context that is in use. */
export const namespaceOf = (config: KubeConfig): string =>
  config.getContextObject(config.getCurrentContext())?.namespace || 'default';

/** The same API server, asked by whoever has the token: nothing of who asks otherwise goes along. @throws KubeConfigError */
export function withToken(config: KubeConfig, token: string): KubeConfig {
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new KubeConfigError('the kubeconfig leads to no cluster');
  const other = new KubeConfig();
  other.loadFromClusterAndUser(cluster, { name: 'bearer', token });
  return other;
}

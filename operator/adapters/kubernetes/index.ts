// The door of the Kubernetes adapter: objects of a real API server behind the ports of the runtime.
export type { AccessQuestion } from './access.ts';
export {
  createKubernetesClients,
  type KubernetesClients,
  type KubernetesClientsOptions,
} from './clients.ts';
export {
  AnswerTooLargeError,
  CredentialsError,
  MalformedAnswerError,
  ServerBusyError,
  ServerFailureError,
  TransportError,
  UnauthorizedError,
} from './failures.ts';
export {
  KubeConfigError,
  type KubeConfigSource,
  loadKubeConfig,
  namespaceOf,
  withToken,
} from './kube-config.ts';
export type { PodLogOptions } from './pod-log.ts';
export type { ReviewedToken, TokenOwner } from './token-review.ts';

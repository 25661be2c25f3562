// How `make cluster` talks to its keeper: a question in a line, an answer in a line, over a socket in the cluster's folder.
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** `where`: what the keeper keeps. `stop`: the same, once it is gone. */
export type Question = 'where' | 'stop';

export interface KeptCluster {
  readonly kubeconfig: string;
  readonly natsUrl: string;
  /** Path of a Pod template for the real node, where there is one. */
  readonly template?: string;
}

export const socketIn = (home: string) => join(home, 'keeper.sock');

/** Undefined where no keeper listens. */
export async function askKeeper(
  home: string,
  question: Question,
): Promise<KeptCluster | undefined> {
  const socket = connect(socketIn(home));
  try {
    await once(socket, 'connect');
  } catch {
    return undefined;
  }
  socket.write(question);
  return JSON.parse(await text(socket)) as KeptCluster;
}

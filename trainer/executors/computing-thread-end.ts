// The far end of a computing thread (computing-thread.ts): loads what computes, then answers one request at a time.
import { parentPort } from 'node:worker_threads';
import type { Tensors } from './executor.ts';

export type ThreadReply<Loaded> =
  | { readonly kind: 'ready'; readonly loaded: Loaded }
  | { readonly kind: 'outputs'; readonly outputs: Tensors }
  | { readonly kind: 'error'; readonly message: string };

interface Served<Request, Loaded> {
  /** What the near end is told of what was loaded. */
  readonly loaded: Loaded;
  /** Its tensors are moved to the near end. */
  readonly answer: (request: Request) => Tensors | Promise<Tensors>;
}

const messageOf = (cause: unknown): string =>
  cause instanceof Error ? cause.message : String(cause);

const reply = <Loaded>(message: ThreadReply<Loaded>, moved: ArrayBuffer[] = []): void =>
  parentPort?.postMessage(message, moved);

export async function serve<Request, Loaded>(
  load: () => Promise<Served<Request, Loaded>>,
): Promise<void> {
  try {
    const { loaded, answer } = await load();
    parentPort?.on('message', async (request: Request) => {
      try {
        const outputs = await answer(request);
        const buffers = Object.values(outputs).map(({ data }) => data.buffer as ArrayBuffer);
        reply({ kind: 'outputs', outputs }, [...new Set(buffers)]);
      } catch (cause) {
        reply({ kind: 'error', message: messageOf(cause) });
      }
    });
    reply({ kind: 'ready', loaded });
  } catch (cause) {
    reply({ kind: 'error', message: messageOf(cause) });
  }
}

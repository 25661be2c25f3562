// Asks before each write whether it may be sent: once there is a connection, right before the first byte. A leader that waited
// for its connection may be none any more.
import type { Dispatcher } from 'undici';

/** The fence threw; the cause is what it threw. */
export class HeldBackError extends Error {
  override readonly name = 'HeldBackError';
}

export function fenced(beforeWrite: () => void): Dispatcher.DispatcherComposeInterceptor {
  const ask = (): void => {
    try {
      beforeWrite();
    } catch (error) {
      throw new HeldBackError('a write was held back', { cause: error });
    }
  };
  return (dispatch) => (options, handler) =>
    dispatch(options, options.method === 'GET' ? handler : askingFirst(handler, ask));
}

function askingFirst(
  handler: Dispatcher.DispatchHandler,
  ask: () => void,
): Dispatcher.DispatchHandler {
  return {
    onRequestStart(controller, context) {
      ask();
      handler.onRequestStart?.(controller, context);
    },
    onResponseStart: (...given) => handler.onResponseStart?.(...given),
    onResponseData: (...given) => handler.onResponseData?.(...given),
    onResponseEnd: (...given) => handler.onResponseEnd?.(...given),
    onResponseError: (...given) => handler.onResponseError?.(...given),
  };
}

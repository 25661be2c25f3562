// A session's calls, one at a time; its release waits for the call that runs.
import { ExecutorError } from './executor.ts';

export class SingleCall {
  readonly #release: () => void;
  #state: 'idle' | 'busy' | 'closing' | 'closed' = 'idle';

  /** @param release frees what the session holds, once, when no call runs */
  constructor(release: () => void) {
    this.#release = release;
  }

  /** @throws ExecutorError while another call runs and once the session is closed */
  async during<T>(doing: string, call: () => Promise<T>): Promise<T> {
    if (this.#state === 'busy')
      throw new ExecutorError(`${doing}: the session is still busy; await the call before`);
    if (this.#state !== 'idle') throw new ExecutorError(`${doing}: the session is closed`);
    this.#state = 'busy';
    try {
      return await call();
    } finally {
      this.#end();
    }
  }

  close(): void {
    if (this.#state === 'busy') this.#state = 'closing';
    if (this.#state === 'idle') this.#finish();
  }

  #end(): void {
    if (this.#state === 'closing') this.#finish();
    else this.#state = 'idle';
  }

  #finish(): void {
    this.#state = 'closed';
    this.#release();
  }
}

// An executor that says, once a session is open, what computes: loader, library, version, device.
import type { Executor } from './executor.ts';

export const announce = (executor: Executor, log: (line: string) => void): Executor => ({
  name: executor.name,
  async open(program, options) {
    const session = await executor.open(program, options);
    const { library, device } = session.description;
    log(`computing with ${library} on the ${device}`);
    return session;
  },
});

// Door of the reference executor: a plain float64 interpreter, slow on purpose, that the tests compare others with.
import type { Executor } from '../executor.ts';
import { type Meeting, noMeeting } from './meeting.ts';
import { ReferenceSession } from './session.ts';

export { createMeeting } from './meeting.ts';

/** `meeting`: where it is one of several workers, all in this process. */
export const createReferenceExecutor = (meeting: Meeting = noMeeting): Executor => ({
  name: 'reference',
  open: async (program) => new ReferenceSession(program, meeting),
});

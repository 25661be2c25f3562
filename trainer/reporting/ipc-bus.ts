// Reports to the parent process over Node's IPC channel: the local kubelet is at the other end.
import type { ReportBus } from './reporter.ts';

export interface IpcChannel {
  send?(message: unknown, callback: (error: Error | null) => void): boolean;
}

/** No parent, or one that is gone. */
export class ParentGoneError extends Error {
  override readonly name = 'ParentGoneError';
}

export const ipcBus = (channel: IpcChannel): ReportBus => ({
  send: (report) =>
    new Promise((resolve, reject) => {
      if (channel.send === undefined) {
        reject(new ParentGoneError('there is no parent process to report to'));
        return;
      }
      channel.send(report, (error) => {
        if (error === null) resolve();
        else reject(new ParentGoneError('the parent process is gone', { cause: error }));
      });
    }),
});

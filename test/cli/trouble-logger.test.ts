// What the one who watches a run hears of its troubles.
import { expect, test } from 'vitest';
import { troubleLogger } from '../../cli/trouble-logger.ts';

function listen() {
  const notes: string[] = [];
  return { notes, logger: troubleLogger((line) => notes.push(line)) };
}

test('an error that is tried again and again is told once, whichever part has it', () => {
  const { notes, logger } = listen();
  const full = new Error('ENOSPC: no space left on device, write');
  logger.with({ controller: 'search' }).error('Reconcile failed, trying again', { error: full });
  logger.with({ controller: 'trial' }).error('Reconcile failed, trying again', { error: full });
  expect(notes).toEqual(['Reconcile failed, trying again: ENOSPC: no space left on device, write']);
});

test('another reason is told as well, and what is no error is not', () => {
  const { notes, logger } = listen();
  logger.info('Reconcile met a newer object, trying again');
  logger.error('Dropped a report', { error: 'no such trial' });
  logger.error('Dropped a report', { error: 'no such search' });
  logger.error('Informers did not sync');
  expect(notes).toEqual([
    'Dropped a report: no such trial',
    'Dropped a report: no such search',
    'Informers did not sync',
  ]);
});

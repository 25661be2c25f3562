// That a trial is to end is one of the few things that may change of it.
import { expect, test } from 'vitest';
import { problemsOf } from '../../crds/index.ts';
import { makeTrialManifest } from '../builders/manifest.ts';

test('a trial may be cancelled, once and for all', () => {
  const going = makeTrialManifest();
  const cancelled = makeTrialManifest({ cancel: 'no budget' });
  expect(problemsOf('Trial', cancelled, going)).toEqual([]);
  const [problem] = problemsOf('Trial', going, cancelled);
  expect(problem?.expected).toContain('cancel is final');
});

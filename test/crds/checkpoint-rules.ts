// The rules of places that checkpoints are kept in: each is met by one manifest and broken by another.
import type { RuleCase } from './robustness-rules.ts';

const placed = (good: string, bad: string): RuleCase => ({
  good: { checkpoints: { place: good } },
  bad: { checkpoints: { place: bad } },
  path: 'spec.checkpoints.place',
  message: 'place must be an absolute directory or s3://BUCKET/PREFIX',
});

export const CHECKPOINT_CASES: readonly RuleCase[] = [
  placed('/checkpoints', 'checkpoints'),
  placed('/mnt/checkpoints/', '//host/share'),
  placed('s3://bucket', 's3://'),
  placed('s3://bucket/runs of May', 'https://host/runs'),
];

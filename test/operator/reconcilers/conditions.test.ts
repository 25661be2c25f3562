import { expect, test } from 'vitest';
import { isTrue, setCondition } from '../../../operator/reconcilers/conditions.ts';
import { at, judgedAt } from '../../builders/objects.ts';

const ready = { type: 'Ready', status: 'True', reason: 'Searching', message: 'on it' } as const;

test('a new condition starts at the time of its judgement', () => {
  const [condition] = setCondition([], ready, { generation: 3, now: at(5) });
  expect(condition).toEqual({ ...ready, observedGeneration: 3, lastTransitionTime: at(5) });
});

test('another message is no transition', () => {
  const before = setCondition([], ready, judgedAt(5));
  const [condition] = setCondition(before, { ...ready, message: 'still on it' }, judgedAt(9));
  expect(condition).toMatchObject({ message: 'still on it', lastTransitionTime: at(5) });
});

test('another status is a transition', () => {
  const before = setCondition([], ready, judgedAt(5));
  const [condition] = setCondition(before, { ...ready, status: 'False' }, judgedAt(9));
  expect(condition?.lastTransitionTime).toBe(at(9));
});

test('others stay as and where they are', () => {
  const failed = { ...ready, type: 'Failed' };
  const before = setCondition(setCondition([], ready, judgedAt(1)), failed, judgedAt(2));
  const after = setCondition(before, { ...ready, status: 'False' }, judgedAt(3));
  expect(after.map(({ type }) => type)).toEqual(['Ready', 'Failed']);
  expect(after[1]).toBe(before[1]);
});

test('a condition holds only where its status is True', () => {
  const conditions = setCondition([], { ...ready, status: 'Unknown' }, judgedAt(1));
  expect(isTrue(conditions, 'Ready')).toBe(false);
  expect(isTrue(setCondition(conditions, ready, judgedAt(2)), 'Ready')).toBe(true);
  expect(isTrue(undefined, 'Ready')).toBe(false);
});

test('a message that is longer than the API server takes is cut', () => {
  const message = `the trainer ended with exit code 1: ${'x'.repeat(32_768)}`;
  const [condition] = setCondition([], { ...ready, message }, judgedAt(1));
  expect(condition?.message).toHaveLength(32_768);
  expect(condition?.message).toMatch(/^the trainer ended.*x \.\.\.$/);
});

// What the weights of a layer learn by: the signal that arrives, unless its rule compares passes.
import type { Lesson, Seen } from '../learning-rules/index.ts';
import type { Value } from '../program/index.ts';
import type { Place } from './layer.ts';
import { learnByPass } from './passes.ts';

/** Gives what the layer calls with the signal at its output; `learn` is called with the lesson, there or behind the whole way back. */
export function taught(
  at: Place,
  first: Seen,
  learn: (lesson: Lesson) => void,
): (dy: Value) => void {
  const { g, rule, head, backwards } = at;
  const { lessons } = rule;
  const exactly = (dy: Value) => learn({ x: first.x, dy });
  if (lessons === undefined || at.mode !== 'train') return exactly;
  const { path } = g;
  let arrived: Value | undefined;
  learnByPass(at, { pass: lessons.pass, seen: first }, (again) => {
    at.feedback.set(path, { rule: rule.name });
    const error = arrived === head?.error ? arrived : undefined;
    learn(lessons.give({ g, first, again, error }));
  });
  return (dy) => {
    if (backwards.exact) exactly(dy);
    else arrived = dy;
  };
}

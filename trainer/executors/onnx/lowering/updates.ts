// Updates of variables: their new values, computed from those at the start of the step.
import type { Update, Value } from '../../../program/index.ts';
import { plainOf } from '../layout.ts';
import type { Site } from './lowering.ts';

/** Where an update is put. */
export interface UpdateSite extends Pick<Site, 'node' | 'scalar' | 'laid'> {
  /** The variable's value now: after the updates before. */
  now(variable: string): string;
  /** Gives the variable its next value. */
  become(variable: string, tensor: string): void;
}

/** a <- m a + g; w <- w - rate (nesterov ? g + m a : a) */
export function lowerUpdate(site: UpdateSite, update: Update): void {
  const plain = (value: Value) => site.laid(value, plainOf(value.shape.length));
  const { name } = update.variable;
  if (update.kind === 'assign') {
    site.become(name, plain(update.value));
    return;
  }
  const multiply = (a: string, b: string) => site.node('Mul', [a, b]);
  const add = (a: string, b: string) => site.node('Add', [a, b]);
  const [m, g] = [site.scalar(update.momentum), plain(update.gradient)];
  const a = add(multiply(m, site.now(update.accumulator.name)), g);
  const step = update.nesterov ? add(g, multiply(m, a)) : a;
  const moved = site.node('Sub', [site.now(name), multiply(plain(update.rate), step)]);
  site.become(name, moved);
  site.become(update.accumulator.name, a);
}

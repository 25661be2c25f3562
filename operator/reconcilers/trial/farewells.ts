// Why Pods that are gone had to go: a cache forgets an object with its deletion, and its Trial looks a moment later. What a
// restart loses of it is a word in a message.
import { keyOf, keyText, type Live, type ObjectKey } from '../../runtime/index.ts';
import type { Pod } from '../objects.ts';
import { disruptionOf } from './pod-end.ts';

/** The oldest are forgotten first. */
const KEPT = 10_000;

export class Farewells {
  readonly #reasons = new Map<string, string>();

  /** Of a Pod as it was last seen. */
  note(pod: Live<Pod>): void {
    const key = keyText(keyOf(pod));
    this.#reasons.delete(key);
    const reason = disruptionOf(pod);
    if (reason === undefined) return;
    this.#reasons.set(key, reason);
    const [oldest] = this.#reasons.keys();
    if (this.#reasons.size > KEPT && oldest !== undefined) this.#reasons.delete(oldest);
  }

  of(key: ObjectKey): string | undefined {
    return this.#reasons.get(keyText(key));
  }
}

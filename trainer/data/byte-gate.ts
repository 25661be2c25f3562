// A bound on the bytes of shared things that are in memory at once: who needs one waits until there is room for it, first come, first served.

export interface ByteGate {
  /** Resolves once `bytes` more fit; at once for what somebody else has inside. A thing larger than the bound goes in alone. */
  enter(thing: number, bytes: number): Promise<void>;
  /** Once for each `enter`. */
  leave(thing: number): void;
}

export function createByteGate(most: number): ByteGate {
  const inside = new Map<number, { users: number; readonly bytes: number }>();
  const waiting: { readonly thing: number; readonly bytes: number; readonly go: () => void }[] = [];
  let sum = 0;
  const fits = (thing: number, bytes: number) =>
    inside.has(thing) || inside.size === 0 || sum + bytes <= most;
  const admit = (thing: number, bytes: number) => {
    const known = inside.get(thing);
    if (known !== undefined) known.users += 1;
    else {
      inside.set(thing, { users: 1, bytes });
      sum += bytes;
    }
  };
  return {
    enter(thing, bytes) {
      if (waiting.length === 0 && fits(thing, bytes)) {
        admit(thing, bytes);
        return Promise.resolve();
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push({ thing, bytes, go: resolve });
      return promise;
    },
    leave(thing) {
      const left = inside.get(thing);
      if (left === undefined || --left.users > 0) return;
      inside.delete(thing);
      sum -= left.bytes;
      for (let [next] = waiting; next !== undefined; [next] = waiting) {
        if (!fits(next.thing, next.bytes)) break;
        waiting.shift();
        admit(next.thing, next.bytes);
        next.go();
      }
    },
  };
}

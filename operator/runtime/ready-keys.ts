// The order in which waiting keys are handed out. The queue never offers a key twice, so an order need not look for twins.

export interface ReadyKeys {
  readonly size: number;
  push(key: string): void;
  /** undefined when there is none, or none whose turn may come now. */
  shift(): string | undefined;
  /** The work on a key that was handed out has ended. */
  done(key: string): void;
  clear(): void;
}

/** First come, first served. */
export function firstInFirstOut(): ReadyKeys {
  const keys = new Set<string>();
  return {
    get size() {
      return keys.size;
    },
    push: (key) => void keys.add(key),
    shift() {
      const { value } = keys.values().next();
      if (value !== undefined) keys.delete(value);
      return value;
    },
    done() {},
    clear: () => keys.clear(),
  };
}

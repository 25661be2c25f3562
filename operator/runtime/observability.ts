// The ports through which the runtime speaks of itself: a logger and metrics. Both have a silent form.

export type Fields = Readonly<Record<string, unknown>>;

/** A constant message and key/value pairs, so that lines can be searched and counted. */
export interface Logger {
  info(message: string, fields?: Fields): void;
  /** `fields.error` is the cause. */
  error(message: string, fields?: Fields): void;
  /** A logger that adds `fields` to each line. */
  with(fields: Fields): Logger;
}

export type Labels = Readonly<Record<string, string>>;

/** Names end in their unit; label values come from small, closed sets. */
export interface Metrics {
  /** Adds to a counter. */
  count(name: string, labels?: Labels, by?: number): void;
  /** Sets a gauge. */
  gauge(name: string, value: number, labels?: Labels): void;
  /** Adds a value to a histogram. */
  observe(name: string, value: number, labels?: Labels): void;
}

export const silentLogger: Logger = {
  info() {},
  error() {},
  with: () => silentLogger,
};

export const noMetrics: Metrics = { count() {}, gauge() {}, observe() {} };

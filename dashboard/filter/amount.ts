// Numbers as people write them in filters: `0.8`, `80%`, `1.5M`, `90s`, `1h30m`. Pure.

const SCALES: Readonly<Record<string, number>> = { '%': 0.01, k: 1e3, K: 1e3, M: 1e6, G: 1e9 };
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const NUMBER = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*([%kKMG]?)$/;
const DURATION =
  /^(?:(\d+(?:\.\d+)?)d)?(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?$/;

/** Undefined: no number. */
export function amountOf(text: string): number | undefined {
  const [, digits, scale = ''] = NUMBER.exec(text) ?? [];
  if (digits !== undefined) return Number(digits) * (SCALES[scale] ?? 1);
  const parts = text === '' ? null : DURATION.exec(text);
  if (parts === null) return undefined;
  return ['d', 'h', 'm', 's'].reduce(
    (sum, unit, k) => sum + Number(parts[k + 1] ?? 0) * (SECONDS[unit] ?? 0),
    0,
  );
}

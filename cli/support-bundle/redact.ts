// Takes secrets out of what is handed to others: values of what is called a secret, and texts that look like one. Pure. Rather too
// much than too little: whoever helps asks for more.

const GONE = 'REDACTED';

/** Names under which secrets are kept; what only refers to one (secretName, tokenRef) may stay. */
const SECRET =
  /pass(?:word|wd|phrase)|token|secret|credential|authorization|api[-_]?key|private[-_]?key|access[-_]?key|nkey|cookie|(?:\b|_)pass\b|pwd|signature|\bsig\b/i;
const REFERENCE = /(?:names?|ref|projected|secrets|path|file)$/i;

/** What kubectl keeps of the object as it was applied: a second copy of all of it. */
const APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Plain data without what may be secret. */
export function redacted(value: unknown): unknown {
  if (typeof value === 'string') return redactedText(value);
  if (Array.isArray(value))
    return value.map((each, k) => (isAsked(value[k - 1]) ? GONE : redacted(each)));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(isVariable(value) ? { ...value, value: GONE } : value);
  return Object.fromEntries(
    entries.flatMap(([name, field]) =>
      name === APPLIED ? [] : [[name, isSecret(name, field) ? GONE : redacted(field)]],
    ),
  );
}

/** A flag whose value is the next argument. */
const isAsked = (before: unknown): boolean =>
  typeof before === 'string' && /^--?[\w-]+$/.test(before) && SECRET.test(before);

const isSecret = (name: string, field: unknown): boolean =>
  typeof field === 'string' && SECRET.test(name) && !REFERENCE.test(name);

/** An environment variable of a container: all values but those of ours that are no secret by their name. */
const isVariable = (value: object): boolean =>
  'name' in value &&
  'value' in value &&
  Object.keys(value).length === 2 &&
  typeof value.name === 'string' &&
  (!value.name.startsWith('BIONAS_') || SECRET.test(value.name));

/** What looks like a secret wherever it stands; the first group stays. */
const LOOKS: readonly RegExp[] = [
  /()-----BEGIN [A-Z ]*(?:PRIVATE KEY|NKEY SEED|NATS USER JWT)-----[\s\S]*?(?:-----END [A-Z ]*-----|------END [A-Z ]*------|$)/g,
  // A JSON Web Token.
  /()\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?/g,
  // The seed of an nkey.
  /()\bS[ACNOPUX][A-Z2-7]{50,}\b/g,
  // Who comes in by a URL.
  /(:\/\/)[^\s/@"']+(?=@)/g,
  /(\bauthorization["']?\s*[:=]\s*["']?)[^\r\n"']+/gi,
  /\b((?:Bearer|Basic)\s+)[\w.~+/=-]{6,}/gi,
  // Keys of clouds, code hosts and model hubs.
  /()\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
  /()\b(?:gh[pousr]_|github_pat_|glpat-|hf_|sk-|xox[abp]-)[\w-]{16,}/g,
  // password=..., "token": "..."
  new RegExp(
    `((?:${SECRET.source})[\\w.-]*["']?\\s*[=:]\\s*["']?)(?!REDACTED)[^\\s"',;&}]{4,}`,
    'gi',
  ),
  // --api-key ...
  new RegExp(
    `(--?[\\w-]*(?:${SECRET.source})[\\w-]*\\s+["']?)(?!REDACTED)[^\\s"'-][^\\s"']*`,
    'gi',
  ),
];

export const redactedText = (text: string): string =>
  withoutTailsOfKeys(LOOKS.reduce((left, look) => left.replace(look, `$1${GONE}`), text));

const KEY_ENDS = /-----END [A-Z ]*(?:PRIVATE KEY|NKEY SEED|NATS USER JWT)-/;
const KEY_LINE = /[\w+/=]{16}\s*$/;

/** Without keys of which the head was cut off, as the last lines of a log may begin inside one. */
function withoutTailsOfKeys(text: string): string {
  if (!KEY_ENDS.test(text)) return text;
  const left: string[] = [];
  for (const line of text.split('\n')) {
    if (!KEY_ENDS.test(line)) left.push(line);
    else {
      while (left.length > 0 && KEY_LINE.test(left.at(-1) as string)) left.pop();
      left.push(GONE);
    }
  }
  return left.join('\n');
}

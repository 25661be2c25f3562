// NATS subject patterns: tokens between dots, `*` for one token, a last `>` for one or more.

export function matchesSubject(pattern: string, subject: string): boolean {
  const wanted = pattern.split('.');
  const tokens = subject.split('.');
  for (const [i, want] of wanted.entries()) {
    if (want === '>') return i === wanted.length - 1 && tokens.length > i;
    if (tokens[i] === undefined || (want !== '*' && want !== tokens[i])) return false;
  }
  return tokens.length === wanted.length;
}

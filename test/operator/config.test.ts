// The operator's settings: flags before variables before defaults, and what is said of a value that is none.
import { Command } from 'commander';
import { afterEach, expect, test, vi } from 'vitest';
import { type OperatorConfig, withOperatorOptions } from '../../operator/config.ts';

afterEach(() => void vi.unstubAllEnvs());

function configOf(...args: string[]): OperatorConfig {
  const command = new Command('operator').exitOverride().configureOutput({ writeErr: () => {} });
  return withOperatorOptions(command).parse(args, { from: 'user' }).opts();
}

test('without a word, one copy of each stream, a week for reports, two hours for repeats', () => {
  expect(configOf()).toMatchObject({
    nats: 'nats://127.0.0.1:4222',
    natsReplicas: 1,
    reportsMaxAge: 7 * 24 * 3_600_000,
    duplicateWindow: 2 * 3_600_000,
    leaderElect: true,
  });
});

test('a flag goes before its variable', () => {
  vi.stubEnv('BIONAS_OPERATOR_NATS_REPLICAS', '3');
  vi.stubEnv('BIONAS_OPERATOR_REPORTS_MAX_AGE', '1h30m');
  expect(configOf()).toMatchObject({ natsReplicas: 3, reportsMaxAge: 90 * 60_000 });
  expect(configOf('--nats-replicas', '5', '--no-leader-elect')).toMatchObject({
    natsReplicas: 5,
    leaderElect: false,
  });
});

test.each([
  ['--nats-replicas', 'three', /expected a number of at least 1, got three/],
  ['--reports-max-age', '90', /expected a duration such as 90m or 1h30m, got 90/],
  ['--duplicate-window', '0s', /expected a duration such as 90m or 1h30m, got 0s/],
  ['--log-level', 'loud', /Allowed choices are error, info, debug/],
])('%s %s is refused', (flag, value, why) => {
  expect(() => configOf(flag, value)).toThrow(why);
});

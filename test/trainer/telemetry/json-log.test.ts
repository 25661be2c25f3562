import { expect, test } from 'vitest';
import { jsonLog } from '../../../trainer/telemetry/index.ts';
import { makeRealTrial } from '../trainer-process.ts';

const TRACE = 'a'.repeat(32);

function logged(trialText: string, traceparent?: string) {
  const lines: string[] = [];
  const write = (text: string) => void lines.push(text);
  jsonLog({ trialText, attempt: 2, traceparent, write, now: () => 0 })('two\n"lines"');
  return lines;
}

test('a line is one object with search, trial, attempt and trace', () => {
  const [line = '', ...more] = logged(makeRealTrial(), `00-${TRACE}-${'b'.repeat(16)}-01`);
  expect(more).toEqual([]);
  expect(line.indexOf('\n')).toBe(line.length - 1);
  expect(JSON.parse(line)).toEqual({
    level: 'info',
    time: '1970-01-01T00:00:00.000Z',
    search: 'night',
    trial: 'night-0',
    attempt: 2,
    trace_id: TRACE,
    message: 'two\n"lines"',
  });
});

test.each([['no JSON'], ['{}'], ['null'], ['']])(
  'a Trial that is none costs its fields: %s',
  (text) => {
    expect(JSON.parse(logged(text)[0] ?? '')).toMatchObject({
      attempt: 2,
      message: 'two\n"lines"',
    });
  },
);

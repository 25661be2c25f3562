// What a trainer may do on NATS, subject by subject: its own trial and nothing else.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KEPT_FILES } from '../../../../../crds/index.ts';
import { permissionsOf } from '../../../../../operator/adapters/nats/index.ts';

const PLACE = { namespace: 'lab', search: 'night', searchUid: 's-1', trial: 't-1' };

/** As nats-server matches: `*` is one token, a last `>` the rest. */
function matches(pattern: string, subject: string): boolean {
  const given = pattern.split('.');
  const tokens = subject.split('.');
  if (given.at(-1) === '>')
    return (
      tokens.length >= given.length &&
      matches(given.slice(0, -1).join('.'), tokens.slice(0, given.length - 1).join('.'))
    );
  return (
    given.length === tokens.length && given.every((each, i) => each === '*' || each === tokens[i])
  );
}

const may = (subject: string, place = PLACE) =>
  permissionsOf(place).publish.some((pattern) => matches(pattern, subject));

const metaOf = (name: string) => `$O.bionas_s-1.M.${Buffer.from(name).toString('base64')}`;

test.each([
  'bionas.lab.night.t-1.result',
  'bionas.lab.night.t-1.failure',
  'bionas.lab.night.t-1.progress',
  'bionas.lab.night.t-1.epoch',
  '$O.bionas_s-1.C.t-1.checkpoint_safetensors.0.17',
  metaOf('t-1/checkpoint.safetensors'),
  `$JS.API.DIRECT.GET.OBJ_bionas_s-1.${metaOf('t-1/result.json')}`,
  '$JS.API.DIRECT.GET.OBJ_bionas_s-1.$O.bionas_s-1.C.t-1.model_onnx.1.0',
])('it may send %s', (subject) => {
  expect(may(subject)).toBe(true);
});

test.each([
  ['a report of another trial', 'bionas.lab.night.t-2.result'],
  ['a report of another search', 'bionas.lab.day.t-1.result'],
  ['a report of another namespace', 'bionas.other.night.t-1.result'],
  ['a kind of report that there is not', 'bionas.lab.night.t-1.other'],
  ['a record of the ledger', 'bionas-ledger.s-1'],
  ["another trial's chunk", '$O.bionas_s-1.C.t-2.checkpoint_safetensors.0.0'],
  ["another trial's file", metaOf('t-2/checkpoint.safetensors')],
  ['a file that no trainer keeps', metaOf('t-1/other')],
  ["another search's chunk", '$O.bionas_s-2.C.t-1.checkpoint_safetensors.0.0'],
  [
    "a read of another trial's file",
    `$JS.API.DIRECT.GET.OBJ_bionas_s-1.${metaOf('t-2/result.json')}`,
  ],
  ['a read by sequence, of any subject', '$JS.API.DIRECT.GET.OBJ_bionas_s-1'],
  ['a read of the ledger', '$JS.API.DIRECT.GET.BIONAS_LEDGER.bionas-ledger.s-1'],
  ['a read that the body limits', '$JS.API.STREAM.MSG.GET.OBJ_bionas_s-1'],
  ['a consumer', '$JS.API.CONSUMER.CREATE.OBJ_bionas_s-1.x.$O.bionas_s-1.C.t-1.>'],
  ['a stream', '$JS.API.STREAM.CREATE.OBJ_bionas_s-1'],
  ['a purge', '$JS.API.STREAM.PURGE.OBJ_bionas_s-1'],
  ['an acknowledgement', '$JS.ACK.BIONAS_REPORTS.bionas-operator.1.1.1.1.0'],
  ['a question of auth callout', '$SYS.REQ.USER.AUTH'],
])('it may not send %s', (_, subject) => {
  expect(may(subject)).toBe(false);
});

test('it hears answers to itself, and nothing else', () => {
  expect(permissionsOf(PLACE).subscribe).toEqual(['_INBOX_t-1.>']);
});

test('two trials share no subject, however alike their names are', () => {
  const uid = fc.stringMatching(/^[\w-]{1,12}$/);
  fc.assert(
    fc.property(uid, uid, (a, b) => {
      fc.pre(a !== b);
      const { publish, subscribe } = permissionsOf({ ...PLACE, trial: a });
      const other = permissionsOf({ ...PLACE, trial: b });
      const asSent = (pattern: string) => pattern.replace(/>$/, 'x');
      for (const pattern of publish)
        for (const sent of other.publish) expect(matches(pattern, asSent(sent))).toBe(false);
      for (const pattern of subscribe)
        for (const sent of other.subscribe) expect(matches(pattern, asSent(sent))).toBe(false);
    }),
  );
});

test('a rule for each file that a trainer keeps, and few enough to send at each connection', () => {
  const { publish } = permissionsOf(PLACE);
  expect(publish).toHaveLength(4 + 2 * (Object.keys(KEPT_FILES).length + 1));
});

// The template file of --trainer-template: what is read, and what is said of a file that is none.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { readTrainerTemplate, TrainerTemplateError } from '../../operator/trainer-template.ts';
import { hostPodTemplate } from '../../scripts/cluster/node/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'bionas-template-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(text: string): string {
  const file = join(folder, 'template.yaml');
  writeFileSync(file, text);
  return file;
}

test('what make cluster writes for the real node is read as it is', () => {
  expect(readTrainerTemplate(fileOf(stringify(hostPodTemplate())))).toEqual(hostPodTemplate());
});

test.each([
  ['the key of a search around it', 'trialTemplate: { spec: {} }', /"trialTemplate"/],
  ['a list', '- spec', /expected object/],
  ['containers without names', 'spec: { containers: [{ image: x }] }', /spec\.containers\.0\.name/],
  ['no YAML', 'spec: [', /flow/i],
])('refused: %s', (_story, text, why) => {
  const read = () => readTrainerTemplate(fileOf(text));
  expect(read).toThrow(TrainerTemplateError);
  expect(read).toThrow(/template\.yaml: expected a Pod template in YAML/);
  expect(read).toThrow(why);
});

test('refused: a file that is not there, by its name', () => {
  expect(() => readTrainerTemplate(join(folder, 'none.yaml'))).toThrow(/none\.yaml.*ENOENT/);
});

// `bionas validate`: every kind of mistake, with its place, what was expected, what was found, and what was meant.
import { Command } from 'commander';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { addValidateCommand, formatProblem, validateFiles } from '../../cli/validate/index.ts';
import { exampleFiles, exampleText } from '../builders/example-trials.ts';
import {
  SEARCH,
  searchText as search,
  TRIAL,
  trialText as trial,
  withSpec,
} from '../builders/manifest-text.ts';

const check = (...texts: string[]) =>
  validateFiles(texts.map((text, index) => ({ name: `${'abc'[index]}.yaml`, text })));
const linesOf = (...texts: string[]) => check(...texts).problems.map(formatProblem);
describe('manifests without a mistake', () => {
  test.each([
    ['a search', SEARCH, 'BioNASSearch', 'night'],
    ['a trial', TRIAL, 'Trial', 'night-0'],
    ['JSON', JSON.stringify(parse(SEARCH)), 'BioNASSearch', 'night'],
    [
      'a supernet',
      trial('genotype: lenet;conv2=uSF,conv3=FA,fc1=brSF,fc2=frSF', 'genotype: supernet 0')
        .replace(', network: lenet', ', cells: 3')
        .concat('  kind: Supernet\n  supernet: {learningRules: [FA, uSF]}\n'),
      'Trial',
      'night-0',
    ],
    [
      'a Pod template of any fields',
      withSpec('trialTemplate: {spec: {what: ever}}'),
      'BioNASSearch',
      'night',
    ],
    [
      'labels of any names',
      search('  name: night', '  name: night\n  labels: {team: a}\n  generateName: x'),
      'BioNASSearch',
      'night',
    ],
    [
      'anchors and aliases',
      search('[BP, uSF]', '&rules [BP, uSF]').concat('  final: {training: {}}\n'),
      'BioNASSearch',
      'night',
    ],
  ])('%s', (_story, text, kind, name) => {
    expect(check(text)).toEqual({ problems: [], valid: [{ file: 'a.yaml', kind, name }] });
  });

  test('several in one file, with empty documents between', () => {
    const { problems, valid } = check(`---\n---\n${SEARCH}---\n# nothing\n---\n${TRIAL}`);
    expect(problems).toEqual([]);
    expect(valid.map(({ name }) => name)).toEqual(['night', 'night-0']);
  });

  test.each(exampleFiles())('examples/%s', (file) => {
    expect(linesOf(exampleText(file))).toEqual([]);
  });
});

describe('several mistakes', () => {
  test('are all told, in the order of their places', () => {
    const text = search('nb201', 'nb20')
      .replace('cifar10', 'cifar')
      .replace('name: night', 'nam: night');
    expect(check(text).problems.map(({ line }) => line)).toEqual([3, 7, 10]);
  });

  test('places count lines of the whole file', () => {
    expect(linesOf(`${SEARCH}---\n${trial('mnist', 'minst')}`)).toEqual([
      'a.yaml:24:19: spec.dataset.name: expected one of fashion-mnist, mnist, cifar10, cifar100, imagenet16-120, imagenet, got "minst" (did you mean mnist?)',
    ]);
  });

  test('an object that is defined twice is told where first', () => {
    expect(linesOf(SEARCH, TRIAL, SEARCH)).toEqual([
      'c.yaml:4:9: metadata.name: expected a name of its own, got night, as the BioNASSearch at a.yaml:4:9',
    ]);
    const elsewhere = search('  name: night', '  name: night\n  namespace: lab');
    expect(linesOf(SEARCH, elsewhere)).toEqual([]);
  });

  test('a broken document does not hide the next', () => {
    expect(linesOf(search('nb201', 'nb20'), trial('mnist', 'minst'))).toHaveLength(2);
  });

  test('whatever the text, there is an answer', async () => {
    const cut = fc.tuple(fc.nat(SEARCH.length), fc.string({ maxLength: 4 })).map(([at, insert]) => {
      return SEARCH.slice(0, at) + insert + SEARCH.slice(at + 1);
    });
    await fc.assert(
      fc.property(fc.oneof(fc.string(), cut), (text) => {
        const { problems, valid } = check(text);
        expect(problems.length + valid.length).toBeGreaterThan(0);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the command', () => {
  async function run(paths: string[], files: Readonly<Record<string, string>> = {}) {
    const said = { out: [] as string[], err: [] as string[], code: -1 };
    const program = new Command();
    addValidateCommand(program, {
      out: (line) => void said.out.push(line),
      err: (line) => void said.err.push(line),
      readFile: async (path) => {
        const text = files[path];
        if (text === undefined) throw new Error('no such file');
        return text;
      },
      stdin: async () => TRIAL,
      setExitCode: (code) => {
        said.code = code;
      },
    });
    await program.parseAsync(['validate', ...paths], { from: 'user' });
    return said;
  }

  test('says ok and exits with 0', async () => {
    expect(await run(['a.yaml', '-'], { 'a.yaml': SEARCH })).toEqual({
      out: ['ok a.yaml: BioNASSearch night', 'ok stdin: Trial night-0'],
      err: [],
      code: 0,
    });
  });

  test('says each mistake on standard error and exits with 1', async () => {
    const files = { 'a.yaml': SEARCH, 'b.yaml': trial('mnist', 'minst') };
    const { out, err, code } = await run(['a.yaml', 'b.yaml'], files);
    expect(out).toEqual(['ok a.yaml: BioNASSearch night']);
    expect(err).toMatchObject([expect.stringMatching(/^b\.yaml:12:19: .*did you mean mnist/)]);
    expect(code).toBe(1);
  });

  test('a file that cannot be read is a mistake', async () => {
    expect(await run(['gone.yaml'])).toEqual({
      out: [],
      err: ['gone.yaml: expected a file that can be read, got no such file'],
      code: 1,
    });
  });
});

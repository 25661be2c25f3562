// report.html: self-contained, safe whatever it is given, and true to the result.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { reportHtml } from '../../../cli/report/index.ts';
import { type EpochMetrics, LEARNING_RULES, RULED_LAYERS } from '../../../crds/index.ts';
import type { TrialRecord } from '../../../operator/reconcilers/index.ts';
import {
  CELLS,
  condition,
  makeCompletedSearch,
  makeConstrained,
  makeControlledResult,
  makeFailedRecord,
  makeFront,
  makeRecord,
  makeResult,
  makeSearch,
  rankedOf,
} from '../../builders/search-result.ts';
import { makeRungs } from '../../builders/snapshot.ts';

const page = reportHtml(makeResult());
const textOf = (html: string) =>
  html.replace(/<(style|script)>.*?<\/\1>/gs, '').replace(/<[^>]+>/g, ' ');

describe('stands alone', () => {
  test('nothing is loaded, and the page forbids it', () => {
    expect(page).toContain(
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'".replaceAll(
        "'",
        '&#39;',
      ),
    );
    expect(page).not.toMatch(/<(link|img|iframe|object|embed)\b|\bsrc=|url\(|@import|https?:/i);
  });

  test('links go to files beside it', () => {
    const links = [...page.matchAll(/href="([^"]*)"/g)].map(([, href]) => href);
    expect(links).toContain('trials/night-final-0/model.onnx');
    for (const href of links) expect(href).not.toMatch(/^[a-z]+:|^\//);
  });
});

test('text cannot become markup', () => {
  const attack = '</script><script>alert(1)</script>"\'&';
  const records = [makeRecord(0, { variation: attack }), makeFailedRecord(1, attack)];
  const search = makeSearch({
    conditions: [condition('Failed', 'TooManyFailures', attack)],
    best: [rankedOf(makeRecord(0))],
  });
  const attacked = reportHtml(makeResult({ search, records }));
  expect(attacked).not.toContain('<script>alert');
  expect(attacked.match(/<script>/g)).toHaveLength(1);
  expect(attacked).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;');
});

describe('says', () => {
  test.each([
    ['the test accuracy', /90\.66 %\s+test accuracy of the winner/],
    ['the best score', /71\.00 %\s+best in the search/],
    ['the ranking', /1\s+#1\s+71\.00 %\s+68\.9 k\s+7\.03 M/],
    ['the settings', /search space\s+nb201, .* networks/],
    ['how far rules are from backpropagation', /FA\s+6\s+82\.0°\s+0\.683 ×\s+78\.2°/],
    ['what an attack left, by what it followed', /fgsm\s+L∞ 8\/255\s+1\s+73\.50 %\s+67\.00 %/],
    ['what an attack left that follows nothing', /square\s+L∞ 8\/255\s+500\s+71\.00 %/],
    ['that a signal led attacks astray', /Gradient masking at L∞ 8\/255/],
    ['nothing of what has no measure', /DRTP\s+3\s+85\.6°\s+9\.68 ×/],
    ['the genotype', /nb201;none~0\|nor_conv_3x3:brSF~0/],
  ])('%s', (_, expected) => {
    expect(textOf(page)).toMatch(expected);
  });

  test('of a failed search why, and where the logs are', () => {
    const search = makeSearch({
      conditions: [condition('Failed', 'TooManyFailures', 'one failed')],
    });
    const failed = textOf(
      reportHtml(makeResult({ search, records: [makeFailedRecord(0, 'no data')] })),
    );
    expect(failed).toMatch(/one failed/);
    expect(failed).toMatch(/night-0000\s+TrainerFailed\s+no data\s+logs\/night-0000-1\.log/);
    expect(failed).toContain('No trial has a score.');
  });

  test('of a search with constraints what they are, how many were outside, and who', () => {
    const constrained = reportHtml(makeConstrained());
    expect(textOf(constrained)).toMatch(
      /constraints\s+parameters at most 50\.0 k, accuracy at least 70\.00 %/,
    );
    expect(textOf(constrained)).toMatch(/2\s+of them outside of the constraints/);
    expect(constrained).toMatch(/class="dot infeasible".*trial #1: 50\.00 %, infeasible/s);
    expect(constrained).toMatch(/class="dot leads".*trial #2: 25\.00 %/s);
  });

  test('of a search that has only begun that nothing is there yet', () => {
    const begun = textOf(reportHtml(makeResult({ search: makeSearch(), records: [] })));
    expect(begun).toContain('interrupted');
    expect(begun).toContain('No epoch has ended.');
  });
});

describe('the network and its controls', () => {
  const controlled = reportHtml(makeControlledResult());

  test.each([
    ['the network, mean and spread', /as found\s+5\s+90\.20 ± 0\.16 %/],
    [
      'a control and its distance',
      /BP throughout\s+5\s+88\.95 ± 0\.\d\d %\s+1\.25\s+1\.\d\d to 1\.\d\d\s+5/,
    ],
    ['what diverged', /frSF throughout\s+4, 1 diverged\s+90\.00 ± 0\.00 %/],
    ['what may be claimed', /The network is better than BP throughout by 1\.25 points/],
    ['the spread among final networks', /night-final-0\s+#1\s+90\.20 ± 0\.16 %/],
    ['what was asked for', /controls\s+BP, frSF throughout/],
    [
      'what the strongest attack left of each',
      /rules\s+before\s+L∞ 8\/255\s+the network\s+83\.00 %\s+73\.50 % \/ 67\.00 %\s+BP\s+83\.00 %\s+73\.50 % \/ 67\.00 %\s+frSF/,
    ],
  ])('%s', (_, expected) => {
    expect(textOf(controlled)).toMatch(expected);
  });

  test('have no curves of their own: they would hide those of the networks', () => {
    expect(controlled.match(/class="curve final"/g)).toHaveLength(10);
  });

  test('is not there where there is nothing to compare', () => {
    expect(page).not.toContain('its controls:');
  });
});

describe('progress', () => {
  const dots = (html: string) => [...html.matchAll(/<circle class="([^"]*)"[^>]*><title>([^<]*)/g)];

  test('every scored trial is a dot that names it, leaders apart', () => {
    expect(dots(page).map(([, kind, title]) => [kind, title?.slice(0, 17)])).toEqual([
      ['dot leads', 'trial #0: 70.00 %'],
      ['dot leads', 'trial #1: 71.00 %'],
    ]);
  });

  test('what is minimized leads where it is least', () => {
    const search = makeCompletedSearch({ objectives: [{ metric: 'loss', goal: 'minimize' }] });
    const records = [1, 0.5, 0.8].map((loss, index) => makeRecord(index, { objectives: [loss] }));
    const kinds = dots(reportHtml(makeResult({ search, records }))).map(([, kind]) => kind);
    expect(kinds).toEqual(['dot leads', 'dot leads', 'dot']);
  });

  test('a diverged trial never leads', () => {
    const records = [makeRecord(0, { outcome: 'Diverged', objectives: [0.99] }), makeRecord(1)];
    const kinds = dots(reportHtml(makeResult({ records }))).map(([, kind]) => kind);
    expect(kinds).toEqual(['dot diverged', 'dot leads']);
  });
});

test('rungs are a table, where a scheduler pauses trials', () => {
  const { rungs } = makeRungs();
  const text = textOf(reportHtml({ ...makeResult(), rungs: [...rungs] }));
  expect(text).toMatch(
    /Rungs\s+epochs\s+trials\s+promoted\s+best accuracy\s+1\s+8\s+2\s+73\.12 %\s+3\s+1\s+0/,
  );
  expect(textOf(reportHtml(makeResult()))).not.toContain('Rungs');
});

test('what none beats in all objectives is a table, where there are several', () => {
  expect(textOf(reportHtml(makeFront()))).toMatch(
    /beats in all objectives\s+rank\s+trial\s+accuracy \/ parameters.*?1\s+#1\s+71\.00 %[^#]*2\s+#0\s+70\.00 %/s,
  );
  expect(page).not.toContain('beats in all objectives');
});

describe('supernets are ranked by what they told', () => {
  const record = makeRecord(0);
  const { result } = record;
  const [genotype] = CELLS;
  const shown = (told: object, derived?: EpochMetrics['derived']) => {
    const epochs = (result?.epochs ?? []).map((epoch) => ({ ...epoch, derived }));
    const supernet = { genotype, epoch: 1, parameters: 9, ...told };
    const records = [{ ...record, result: { ...result, epochs, supernet } }] as TrialRecord[];
    return textOf(reportHtml(makeResult({ records })));
  };

  test('with how far they decided', () => {
    const entropy = { normal: 0.913, reduce: 1 };
    const skips = { normal: 3, reduce: 0 };
    expect(shown({}, { genotype, entropy, skips })).toMatch(
      /accuracy of the supernet\s+entropy of shares\s+skips.*?70\.00 %\s+0\.91 \/ 1\.00\s+3 \/ 0/s,
    );
  });

  test('with how their single paths did', () => {
    expect(shown({ judged: { paths: 24, accuracy: 0.5, mean: 0.25 } })).toMatch(
      /accuracy of the supernet\s+paths judged\s+best \/ mean of them.*?70\.00 %\s+24\s+50\.00 % \/ 25\.00 %/s,
    );
  });
});

test('a search without a final stage says so', () => {
  const search = makeCompletedSearch({ final: { topK: 0 } });
  expect(textOf(reportHtml(makeResult({ search })))).toMatch(/final stage\s+none/);
});

describe('the winning network', () => {
  const drawn = (genotype: string) => {
    const [winner] = makeResult().final;
    return reportHtml({ ...makeResult(), final: [{ ...winner!, genotype }] });
  };
  const darts =
    readFileSync(new URL('../../../examples/genotypes/biodarts.txt', import.meta.url), 'utf8')
      .split('\n')
      .find((line) => line.startsWith('darts;')) ?? '';
  const count = (html: string, pattern: RegExp) => html.match(pattern)?.length ?? 0;

  test.each([
    [
      'NAS-Bench-201',
      'nb201;nor_conv_3x3:uSF~0|none~0,skip_connect~1|none~0,none~1,nor_conv_1x1:FA~2;rest=BP',
      [1, 4, 6],
    ],
    ['DARTS', darts, [2, 14, 16]],
  ])('%s is drawn as cells with a label on every edge', (_, genotype, [cells, nodes, labels]) => {
    const html = drawn(genotype);
    expect(count(html, /class="graph"/g)).toBe(cells);
    expect(count(html, /class="node"/g)).toBe(nodes);
    expect(count(html, /class="label/g)).toBe(labels);
    expect(html).not.toContain('NaN');
  });

  test('an edge tells its operation and rule to those who cannot see it', () => {
    const html = drawn(
      'nb201;nor_conv_3x3:uSF~0|none~0,skip_connect~1|none~0,none~1,skip_connect~2;rest=BP',
    );
    expect(html).toMatch(/aria-label="Cell\. input to 1: conv 3×3 by uSF; /);
    expect(html).toContain('<title>conv 3×3 by uSF</title>');
  });

  test('an edge that learns by no rule of the search says so', () => {
    const html = drawn(
      'nb201;hebbian_conv_3x3~0|none~0,skip_connect~1|none~0,none~1,softhebb_conv_3x3~2;rest=BP',
    );
    expect(html).toContain('<title>Hebbian conv 3×3 by its own local rule</title>');
    expect(textOf(html)).toMatch(/SoftHebb conv 3×3\s+its own, local/);
    expect(html).not.toContain('NaN');
  });

  test('a fixed network is a chain of layers', () => {
    const html = drawn('lenet;conv2=FA,conv3=uSF,fc1=brSF,fc2=frSF');
    expect(textOf(html)).toMatch(/conv2\s+FA\s+conv3\s+uSF\s+fc1\s+brSF\s+fc2\s+frSF/);
  });

  test('rules have colours of their own', () => {
    const rules = RULED_LAYERS.resnet20.map(
      (layer, k) => `${layer}=${LEARNING_RULES[k % LEARNING_RULES.length]}`,
    );
    const html = drawn(`resnet20;${rules.join(',')}`);
    const colors = [...html.matchAll(/<li style="--rule: (#\w+)">/g)].map(([, color]) => color);
    expect(new Set(colors).size).toBe(LEARNING_RULES.length);
  });
});

// Controls differ from their network in rules alone, come out the same every time, and are never trained twice.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Final,
  type Genotype,
  mapRules,
  parseGenotype,
  printGenotype,
  type SearchSpace,
} from '../../../crds/index.ts';
import { controlsOf, Random } from '../../../operator/search/index.ts';
import {
  genotypesIn,
  makeDarts,
  makeFixed,
  makeNb201,
  makeSpace,
} from '../../builders/genotype.ts';

const NONE: Final['controls'] = { rules: [], conversion: false, random: 0, shuffled: 0 };
const ALL: Final['controls'] = { rules: ['BP', 'uSF'], conversion: true, random: 3, shuffled: 3 };

const plan = (network: Genotype, space: SearchSpace, controls: Partial<Final['controls']>) =>
  controlsOf({
    genotype: printGenotype(network),
    space,
    controls: { ...NONE, ...controls },
    random: Random.fromSeed(7),
  });

const SPACES = [
  makeSpace({ kind: 'nb201' }),
  makeSpace({ kind: 'nb201', conversion: 'partial' }),
  makeSpace({ kind: 'darts' }),
  makeSpace({ kind: 'darts', conversion: 'partial' }),
  makeSpace({ kind: 'fixed', network: 'lenet' }),
];
const cases = fc
  .constantFrom(...SPACES)
  .chain((space) => fc.record({ space: fc.constant(space), network: genotypesIn(space) }));

const rulesOf = (network: Genotype): string[] => {
  const rules: string[] = [];
  mapRules(network, (rule, place) => {
    rules.push(`${place} ${rule}`);
    return rule;
  });
  return rules;
};
const withoutRules = (network: Genotype) => printGenotype(mapRules(network, () => 'BP'));

describe('whatever the network', () => {
  test('operations and wiring stay, and so do rules that the space does not search', () => {
    fc.assert(
      fc.property(cases, ({ space, network }) => {
        for (const { genotype, kind } of plan(network, space, ALL)) {
          const control = parseGenotype(genotype);
          expect(withoutRules(control)).toBe(withoutRules(network));
          if (space.conversion === 'partial' && kind !== 'conversion')
            expect(rulesOf(control)).toContain('rest BP');
        }
      }),
    );
  });

  test('shuffling keeps how often each rule is there', () => {
    fc.assert(
      fc.property(cases, ({ space, network }) => {
        const names = (of: Genotype) => rulesOf(of).map((rule) => rule.split(' ')[1]);
        for (const { genotype } of plan(network, space, { shuffled: 3 }))
          expect(names(parseGenotype(genotype)).toSorted()).toEqual(names(network).toSorted());
      }),
    );
  });

  test('none is trained twice, and the same seed plans the same', () => {
    fc.assert(
      fc.property(cases, ({ space, network }) => {
        const planned = plan(network, space, ALL);
        const trained = planned.filter(({ sameAs }) => sameAs === undefined);
        const texts = [printGenotype(network), ...trained.map(({ genotype }) => genotype)];
        expect(new Set(texts).size).toBe(texts.length);
        expect(plan(network, space, ALL)).toEqual(planned);
      }),
    );
  });

  test('draws of one control are the same whatever others there are', () => {
    const network = makeNb201();
    const [alone] = plan(network, SPACES[0]!, { shuffled: 0, random: 1 });
    const among = plan(network, SPACES[0]!, ALL).find(({ name }) => name === 'random 1');
    expect(among).toEqual(alone);
  });
});

describe('says what it is', () => {
  const MIXED = 'nb201;nor_conv_3x3:uSF~0|none~0,nor_conv_1x1:FA~1|none~0,none~1,nor_conv_1x1:FA~2';
  const of = (text: string, controls: Partial<Final['controls']>, space = SPACES[0]!) =>
    plan(parseGenotype(text), space, controls).map(({ name, genotype, sameAs }) => [
      name,
      genotype.split(';').at(-1),
      sameAs,
    ]);

  test.each([
    [
      'partial, of a network whose rest has a rule',
      'rest=uSF',
      [['rest BP', 'rest=BP', undefined]],
    ],
    ['full, by the most frequent rule', 'rest=BP', [['rest FA', 'rest=FA', undefined]]],
  ])('conversion: %s', (_, rest, expected) => {
    expect(of(`${MIXED};${rest}`, { conversion: true })).toEqual(expected);
  });

  test('nothing, where no edge has a rule to convert by', () => {
    const bare = 'nb201;none~0|none~0,skip_connect~1|none~0,none~1,none~2;rest=BP';
    expect(of(bare, { conversion: true, shuffled: 2 })).toEqual([]);
    expect(plan(makeFixed(), SPACES[4]!, { conversion: true })).toEqual([]);
  });

  test('the network, or an earlier control, where it is one of them', () => {
    const network = printGenotype(makeNb201({ operation: 'nor_conv_3x3', rule: 'uSF' }, 'BP'));
    const rules = { rules: ['uSF' as const, 'BP' as const], conversion: true };
    expect(of(network, rules)).toEqual([
      ['uSF', 'rest=uSF', undefined],
      ['BP', 'rest=BP', undefined],
      ['rest uSF', 'rest=uSF', 'uSF'],
    ]);
    const partial = makeSpace({ kind: 'nb201', conversion: 'partial' });
    expect(of(network, { rules: ['uSF'] }, partial)).toEqual([['uSF', 'rest=BP', 'the network']]);
  });

  test('fewer draws, where the space has no more networks', () => {
    const space = makeSpace({ kind: 'fixed', network: 'lenet', learningRules: ['BP'] });
    expect(plan(makeFixed(), space, { random: 5 })).toEqual([]);
    const one = plan(makeDarts(), SPACES[2]!, { shuffled: 20 });
    // All edges have uSF: only the place of the rest's BP can move, to one of 16 edges.
    expect(one).toHaveLength(16);
  });
});

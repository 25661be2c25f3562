// Places of networks and what stands there, family by family.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { genesOf, placesOf } from '../../../cli/genotype/index.ts';
import { SearchSpace } from '../../../crds/index.ts';
import { CELLS } from '../../builders/search-result.ts';

const space = (fields: Record<string, unknown>) => SearchSpace.parse(fields);

test('of nb201 they are the six edges and the rest', () => {
  const places = placesOf(space({ kind: 'nb201' }));
  expect(places).toEqual(['0→1', '0→2', '1→2', '0→3', '1→3', '2→3', 'rest']);
  expect(genesOf(CELLS[0], places)).toEqual([
    'avg_pool_3x3',
    'nor_conv_3x3:FA',
    'nor_conv_3x3:uSF',
    'nor_conv_1x1:frSF',
    'none',
    'skip_connect',
    'BP',
  ]);
});

test('a rest that always backpropagates is no place', () => {
  const places = placesOf(space({ kind: 'nb201', conversion: 'partial' }));
  expect(places).not.toContain('rest');
  expect(genesOf(CELLS[0], places)).toHaveLength(6);
});

const DARTS =
  'darts;normal=skip_connect~0,sep_conv_3x3:uSF~1|skip_connect~0,max_pool_3x3~2|skip_connect~0,skip_connect~1|skip_connect~2,dil_conv_3x3:FA~4;' +
  'reduce=skip_connect~0,skip_connect~1|skip_connect~0,skip_connect~1|skip_connect~0,skip_connect~1|skip_connect~0,skip_connect~1;rest=frSF';

test('of darts they are all edges that its cells may have, of which a node has two', () => {
  const places = placesOf(space({ kind: 'darts' }));
  expect(places).toHaveLength(2 * (2 + 3 + 4 + 5) + 1);
  const genes = Object.fromEntries(genesOf(DARTS, places).map((gene, i) => [places[i], gene]));
  expect(genes).toMatchObject({
    'normal 0→2': 'skip_connect',
    'normal 1→2': 'sep_conv_3x3:uSF',
    'normal 1→3': undefined,
    'normal 2→3': 'max_pool_3x3',
    'normal 4→5': 'dil_conv_3x3:FA',
    'reduce 1→5': 'skip_connect',
    rest: 'frSF',
  });
  expect(Object.values(genes).filter((gene) => gene !== undefined)).toHaveLength(17);
});

test('of a fixed network they are its layers but the first', () => {
  const places = placesOf(space({ kind: 'fixed', network: 'lenet' }));
  expect(places).toEqual(['conv2', 'conv3', 'fc1', 'fc2']);
  expect(genesOf('lenet;conv2=uSF,conv3=FA,fc1=BP,fc2=brSF', places)).toEqual([
    'uSF',
    'FA',
    'BP',
    'brSF',
  ]);
});

test('in a supernet that has derived nothing yet nothing stands', () => {
  fc.assert(
    fc.property(fc.constantFrom('darts', 'nb201'), fc.nat(9), (kind, number) => {
      const places = placesOf(space({ kind }));
      expect(genesOf(`supernet ${number}`, places)).toEqual(places.map(() => undefined));
    }),
  );
});

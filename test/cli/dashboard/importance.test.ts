// When importance is told anew, and of how many searches at once.
import { expect, test } from 'vitest';
import { KnownImportance } from '../../../cli/dashboard/importance.ts';
import type { Importance } from '../../../dashboard/api.ts';
import { makeRow } from '../../builders/trial-rows.ts';

const searchOf = (trials: number) => ({
  places: ['0→1'],
  rules: ['BP'] as const,
  table: { trials: Array.from({ length: trials }, (_, index) => makeRow(index)) },
});

/** Tells when it is let, one after the other: with an error, or of how many trials there are. */
function forests() {
  const asked: PromiseWithResolvers<Importance | undefined>[] = [];
  const sizes: number[] = [];
  const known = new KnownImportance((rows) => {
    sizes.push(rows.length);
    const grown = Promise.withResolvers<Importance | undefined>();
    asked.push(grown);
    return grown.promise;
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const tell = async (error?: Error) => {
    await turn();
    if (error === undefined)
      asked.at(-1)?.resolve({ places: [], rules: [], trials: sizes.at(-1) ?? 0 });
    else asked.at(-1)?.reject(error);
    await turn();
  };
  return { known, sizes, tell, turn };
}

test('the same trials and a few more are told as before, many more anew', async () => {
  const { known, sizes, tell } = forests();
  const search = searchOf(20);
  const first = known.get(search);
  await tell();
  expect(await first).toMatchObject({ trials: 20 });
  search.table = searchOf(21).table;
  expect(await known.get(search)).toMatchObject({ trials: 20 });
  search.table = searchOf(22).table;
  const second = known.get(search);
  await tell();
  expect(await second).toMatchObject({ trials: 22 });
  expect(sizes).toEqual([20, 22]);
});

test('what failed is tried again by whoever asks next', async () => {
  const { known, tell } = forests();
  const search = searchOf(20);
  const failed = expect(known.get(search)).rejects.toThrow('out of memory');
  await tell(new Error('out of memory'));
  await failed;
  const again = known.get(search);
  await tell();
  expect(await again).toMatchObject({ trials: 20 });
});

test('one forest is grown at a time, and of a search that grows meanwhile no second one', async () => {
  const { known, sizes, tell, turn } = forests();
  const [night, day] = [searchOf(20), searchOf(30)];
  const told = [known.get(night), known.get(day)];
  await turn();
  expect(sizes).toEqual([20]);
  night.table = searchOf(40).table;
  told.push(known.get(night));
  await tell();
  await tell();
  expect((await Promise.all(told)).map((each) => each?.trials)).toEqual([20, 30, 20]);
});

// What every executor must do, whatever computes: the table of programs, the life of variables, refusals.
// Called once an executor.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createReferenceExecutor,
  type Executor,
  type Session,
} from '../../trainer/executors/index.ts';
import {
  createProgram,
  Graph,
  gate,
  multiply,
  type Update,
  type Variable,
} from '../../trainer/program/index.ts';
import {
  distance,
  makeInputs,
  makeTensor,
  rounded,
  tensorOf,
  writeEach,
} from '../builders/tensors.ts';
import { PROGRAM_CASES, type ProgramCase } from './executor/index.ts';

/** float32 against float64, relative to the largest element */
const CLOSE = 1e-5;

const variable = (name: string, shape: readonly number[] = [2]): Variable => ({
  name,
  shape,
  role: 'parameter',
  initializer: { kind: 'constant', value: 0 },
});

export function executorCases(executor: Executor): void {
  describe('computes what the reference computes', () => {
    /** All programs in one session, an entry each. */
    const entries = PROGRAM_CASES.map(({ write }, i) => {
      const g = new Graph();
      return g.entry(`case_${i}`, write(g));
    });
    const program = createProgram([], entries);
    let sessions: readonly [Session, Session];
    beforeAll(async () => {
      sessions = [await executor.open(program), await createReferenceExecutor().open(program)];
    });
    afterAll(() => {
      for (const session of sessions) session.close();
    });

    test.each(PROGRAM_CASES.map((each, i) => [each.name, each, i] as const))(
      '%s',
      async (_, { given, exact = false }: ProgramCase, i) => {
        const name = `case_${i}`;
        const inputs = { ...makeInputs(program.entries[name]?.inputs ?? {}), ...given };
        const [actual, truth] = await Promise.all(sessions.map((each) => each.run(name, inputs)));
        expect(Object.keys(actual ?? {})).toEqual(Object.keys(truth ?? {}));
        for (const [output, expected] of Object.entries(truth ?? {})) {
          const true32 = exact ? rounded(expected) : expected;
          const apart = distance(exact ? rounded(actual![output]!) : actual![output]!, true32);
          expect.soft(apart, output).toBeLessThanOrEqual(exact ? 0 : CLOSE);
        }
      },
    );
  });

  describe('variables', () => {
    const [w, a, seen] = [variable('w'), variable('a'), variable('seen')] as const;

    /** One step of `update` that also shows what it read. */
    async function openStep(updates: (g: Graph) => readonly Update[]): Promise<Session> {
      const g = new Graph();
      const outputs = { w: g.read(w), twice: multiply(g, g.read(w), g.scalar(2)) };
      const program = createProgram([w, a, seen], [g.entry('step', outputs, updates(g))]);
      const session = await executor.open(program);
      await writeEach(session, [w, a, seen], (_, i) => [1 + i, 10 + i]);
      return session;
    }
    const numbers = async (session: Session, name: string) =>
      Array.from((await session.read([name]))[name]?.data ?? []);

    test('are read before they are assigned, and keep what was assigned', async () => {
      const session = await openStep((g) => [
        { kind: 'assign', variable: w, value: multiply(g, g.read(w), g.scalar(-1)) },
        { kind: 'assign', variable: seen, value: g.read(w) },
      ]);
      const first = await session.run('step', {});
      expect(Array.from(first['w']!.data)).toEqual([1, 10]);
      expect(Array.from(first['twice']!.data)).toEqual([2, 20]);
      expect(await numbers(session, 'w')).toEqual([-1, -10]);
      expect(await numbers(session, 'seen')).toEqual([1, 10]);
      const second = await session.run('step', {});
      expect(Array.from(second['w']!.data)).toEqual([-1, -10]);
      session.close();
    });

    test('swap in one step', async () => {
      const session = await openStep((g) => [
        { kind: 'assign', variable: w, value: g.read(a) },
        { kind: 'assign', variable: a, value: g.read(w) },
      ]);
      await session.run('step', {});
      expect([await numbers(session, 'w'), await numbers(session, 'a')]).toEqual([
        [2, 11],
        [1, 10],
      ]);
      session.close();
    });

    test('stay as they are where what an update would give them is absent', async () => {
      const session = await openStep((g) => {
        const condition = g.input('condition', []);
        const moved = gate(g, multiply(g, g.read(w), g.scalar(-1)), { condition });
        const gradient = gate(g, g.read(w), { condition, open: false });
        return [
          { kind: 'assign', variable: seen, value: moved },
          {
            kind: 'momentum',
            variable: w,
            accumulator: a,
            gradient,
            rate: g.scalar(1),
            momentum: 0,
            nesterov: false,
          },
        ];
      });
      const asked = async (condition: number) => {
        await session.run('step', { condition: tensorOf([condition], []) });
        const read = await session.read(['w', 'a', 'seen']);
        return Object.values(read).map(({ data }) => Array.from(data));
      };
      // w = [1, 10], a = [2, 11], seen = [3, 12]
      expect(await asked(1)).toEqual([
        [1, 10],
        [2, 11],
        [-1, -10],
      ]);
      expect(await asked(0)).toEqual([
        [0, 0],
        [1, 10],
        [-1, -10],
      ]);
      session.close();
    });

    // a <- 0.5 a + g; w <- w - 0.25 (nesterov ? g + 0.5 a : a), with a = [2, 11], w = [1, 10], g = [4, -8]
    test.each([
      { nesterov: false, accumulated: [5, -2.5], moved: [-0.25, 10.625] },
      { nesterov: true, accumulated: [5, -2.5], moved: [-0.625, 12.3125] },
    ])('move by momentum, nesterov $nesterov', async ({ nesterov, accumulated, moved }) => {
      const session = await openStep((g) => [
        {
          kind: 'momentum',
          variable: w,
          accumulator: a,
          gradient: g.input('g', [2]),
          rate: g.input('rate', []),
          momentum: 0.5,
          nesterov,
        },
      ]);
      const { w: before } = await session.run('step', {
        g: tensorOf([4, -8]),
        rate: tensorOf([0.25], []),
      });
      expect(Array.from(before!.data)).toEqual([1, 10]);
      expect(await numbers(session, 'a')).toEqual(accumulated);
      expect(await numbers(session, 'w')).toEqual(moved);
      session.close();
    });

    test('keep an input that was assigned when the next one is fed', async () => {
      const session = await openStep((g) => [
        { kind: 'assign', variable: seen, value: g.input('x', [2]) },
      ]);
      const x = tensorOf([5, 6]);
      await session.run('step', { x });
      x.data[0] = 99;
      expect(await numbers(session, 'seen')).toEqual([5, 6]);
      session.close();
    });

    test('of one session are not those of another', async () => {
      const [one, other] = [await openStep(() => []), await openStep(() => [])];
      await other.write({ w: tensorOf([7, 7]) });
      expect(await numbers(one, 'w')).toEqual([1, 10]);
      one.close();
      other.close();
    });

    test('are read and written by name, all or some', async () => {
      const session = await openStep(() => []);
      expect(Object.keys(await session.read())).toEqual(['w', 'a', 'seen']);
      expect(Object.keys(await session.read(['seen', 'w']))).toEqual(['seen', 'w']);
      await session.write({});
      session.close();
    });
  });

  describe('refuses, saying what was expected', () => {
    const w = variable('weights', [2, 3]);
    let session: Session;
    beforeAll(async () => {
      const g = new Graph();
      const entry = g.entry('step', { y: multiply(g, g.input('x', [2, 3]), g.read(w)) });
      session = await executor.open(createProgram([w], [entry]));
    });
    afterAll(() => session.close());

    const x = makeTensor([2, 3]);
    test.each([
      ['an entry it lacks', 'stop', { x }, 'no entry stop: it has step'],
      ['a missing input', 'step', {}, 'entry step: no value for x'],
      ['an input it does not know', 'step', { x, y: x }, 'input y is unknown: expected x'],
      [
        'a shape',
        'step',
        { x: makeTensor([3, 2]) },
        'input x: expected float32 [2,3], got float32 [3,2]',
      ],
      [
        'a dtype',
        'step',
        { x: { ...x, dtype: 'int32' } },
        'expected float32 [2,3], got int32 [2,3]',
      ],
      [
        'an array of another kind',
        'step',
        { x: { ...x, data: new Int32Array(6) } },
        'its data in a Int32Array',
      ],
      ['too few elements', 'step', { x: { ...x, data: new Float32Array(5) } }, 'got 5 elements'],
      [
        'a variable without a value',
        'step',
        { x },
        'variable weights has no value yet: write it first',
      ],
    ] as const)('%s', async (_, entry, inputs, message) => {
      await expect(session.run(entry, inputs)).rejects.toThrow(message);
      await expect(session.run(entry, inputs)).rejects.toHaveProperty('name', 'ExecutorError');
    });

    test('variables that do not fit, are unknown or have no value', async () => {
      await expect(session.write({ weights: makeTensor([3, 2]) })).rejects.toThrow(
        'variable weights: expected float32 [2,3], got float32 [3,2]',
      );
      await expect(session.write({ w: makeTensor([3, 2]) })).rejects.toThrow('expected weights');
      await expect(session.read(['w'])).rejects.toThrow('no variable w');
      await expect(session.read()).rejects.toThrow('variable weights has no value yet');
    });

    test('to work once it is closed', async () => {
      const closed = await executor.open(createProgram([], [new Graph().entry('step', {})]));
      expect(await closed.run('step', {})).toEqual({});
      closed.close();
      closed.close();
      await expect(closed.run('step', {})).rejects.toThrow('closed');
      await expect(closed.read()).rejects.toThrow('closed');
      await expect(closed.write({})).rejects.toThrow('closed');
    });
  });
}

// Never two leaders: candidates under any schedule of slow, lost and late calls, pauses, skewed clocks, stops and restarts.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Candidate, LeaseServer, type Trip } from './candidate.ts';
import { FakeClock } from './fake-clock.ts';

const STEP_MS = 100;

/** One decision a second for each candidate. */
interface Moment {
  readonly who: number;
  readonly what: 'pause' | 'resume' | 'restart' | 'crash' | 'nothing';
}

interface Schedule {
  readonly skews: readonly (number | 'stopped')[];
  readonly trips: readonly Trip[];
  readonly moments: readonly Moment[];
}

const delay = fc.oneof(
  { weight: 6, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 40 }).map((n) => n * STEP_MS) },
  { weight: 1, arbitrary: fc.integer({ min: 40, max: 250 }).map((n) => n * STEP_MS) },
);
const there = fc.oneof(
  { weight: 15, arbitrary: delay },
  { weight: 1, arbitrary: fc.constant(Number.POSITIVE_INFINITY) },
);
const schedule: fc.Arbitrary<Schedule> = fc.record({
  skews: fc.array(fc.constantFrom(0, 3_600_000, -3_600_000, 'stopped' as const), {
    minLength: 3,
    maxLength: 3,
  }),
  trips: fc.array(fc.record({ there, back: delay }), { minLength: 1, maxLength: 60 }),
  moments: fc.array(
    fc.record({
      who: fc.nat(2),
      what: fc.constantFrom('pause', 'pause', 'resume', 'restart', 'crash', 'nothing', 'nothing'),
    }),
    { minLength: 10, maxLength: 60 },
  ),
});

class Place {
  readonly clock = new FakeClock();
  readonly #server = new LeaseServer(this.clock);
  readonly #schedule: Schedule;
  readonly #candidates: Candidate[];
  /** All that ever were, the crashed and stopped as well. */
  readonly #all = new Map<string, Candidate>();
  readonly #leaderOf = new Map<number, string>();
  #calls = 0;
  #isCalm = false;

  constructor(plan: Schedule) {
    this.#schedule = plan;
    this.#candidates = plan.skews.map((_, who) => this.#start(who));
  }

  #start(who: number): Candidate {
    const identity = `${who}.${this.#all.size}`;
    const { trips, skews } = this.#schedule;
    const trip = (): Trip => {
      if (this.#isCalm) return { there: 0, back: 0 };
      this.#calls += 1;
      return trips[this.#calls % trips.length] ?? { there: 0, back: 0 };
    };
    const skew = skews[who] ?? 0;
    const candidate = new Candidate(this.clock, this.#server, { identity, skew, trip });
    this.#all.set(identity, candidate);
    void candidate.run();
    return candidate;
  }

  act({ who, what }: Moment): void {
    const candidate = this.#candidates[who];
    if (what === 'pause' || what === 'crash') candidate?.pause();
    if (what === 'resume') candidate?.resume();
    if (what === 'restart') candidate?.stop();
    if (what === 'crash' || what === 'restart') this.#candidates[who] = this.#start(who);
  }

  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += STEP_MS) {
      await this.clock.advance(STEP_MS);
      this.#check();
    }
  }

  #check(): void {
    const holders = [...this.#all].filter(([, { elector }]) => elector.isHeld());
    expect(holders.map(([identity]) => identity).slice(1)).toEqual([]);
    for (const [identity, { elector }] of holders) {
      const epoch = elector.epoch ?? Number.NaN;
      expect([...this.#leaderOf.keys()].filter((earlier) => earlier > epoch)).toEqual([]);
      expect(this.#leaderOf.get(epoch) ?? identity).toBe(identity);
      this.#leaderOf.set(epoch, identity);
    }
  }

  /** The trouble is over: someone leads before long. */
  async calmDown(): Promise<void> {
    this.#isCalm = true;
    for (const candidate of this.#candidates) {
      candidate.resume();
      candidate.stop();
    }
    await this.pass(60_000);
    this.#candidates.push(this.#start(0));
    await this.pass(20_000);
    expect(this.#candidates.filter(({ elector }) => elector.isHeld())).toHaveLength(1);
    expect(this.#candidates.at(-1)?.isWorking).toBe(true);
  }
}

/** A renewal that was given up ended after the lease had been given back, and counted as one: two held it. */
const lateRenewal: Schedule = {
  skews: [0, 0, 0],
  trips: [
    { there: 100, back: 100 },
    { there: 800, back: 4200 },
    { there: 0, back: 0 },
  ],
  moments: [
    ...Array.from({ length: 5 }, () => ({ who: 0, what: 'pause' }) as const),
    { who: 2, what: 'restart' },
    { who: 0, what: 'pause' },
    { who: 1, what: 'restart' },
    ...Array.from({ length: 3 }, () => ({ who: 0, what: 'pause' }) as const),
    { who: 0, what: 'resume' },
    { who: 0, what: 'pause' },
    { who: 0, what: 'pause' },
    { who: 0, what: 'resume' },
    { who: 0, what: 'pause' },
  ],
};

test('at no time do two hold the lease, each term has its own rising epoch, and after trouble someone leads', async () => {
  const anySchedule = async (plan: Schedule) => {
    const place = new Place(plan);
    for (const moment of plan.moments) {
      place.act(moment);
      await place.pass(1000);
    }
    await place.calmDown();
  };
  await fc.assert(fc.asyncProperty(schedule, anySchedule), {
    numRuns: Number(process.env['RUNS'] ?? 40),
    examples: [[lateRenewal]],
  });
}, 120_000);

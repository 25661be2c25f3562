// Which operations are computed together. What reads an absent value is absent (program/ops/branching.ts): all that is there under
// the same conditions lies in one group, as far as it does not wait for another one; a group becomes a branch of the graph.
import type { Entry, Operation, Update, Value } from '../../program/index.ts';

/** A condition, and whether it must be true. */
interface Literal {
  readonly condition: Value;
  readonly open: boolean;
}
/** All must hold; none: always. */
export type Guard = readonly Literal[];

export type Unit = Operation | Update;

export interface Group {
  readonly guard: Guard;
  /** In their order. */
  readonly units: readonly Unit[];
}

export interface Grouping {
  /** In an order in which every group follows those that it reads. */
  readonly groups: readonly Group[];
  /** What stands for a value: a gate's input, where all that read it know that it is there. */
  readonly standsFor: (value: Value) => Value;
}

export const isUpdate = (unit: Unit): unit is Update => 'variable' in unit;
const isGate = (unit: Unit): unit is Operation<'gate'> => !isUpdate(unit) && unit.kind === 'gate';
const isMerge = (unit: Unit): boolean => !isUpdate(unit) && unit.kind === 'merge';

const nameOf = ({ condition, open }: Literal): string => `${condition.id}${open ? '' : '!'}`;
const keyOf = (guard: Guard): string => guard.map(nameOf).join();

const union = (guards: readonly Guard[]): Guard =>
  [...new Map(guards.flat().map((each) => [nameOf(each), each])).values()].toSorted(
    (a, b) => a.condition.id - b.condition.id || Number(a.open) - Number(b.open),
  );

const common = ([first = [], ...others]: readonly Guard[]): Guard =>
  first.filter((each) =>
    others.every((guard) => guard.some((other) => nameOf(other) === nameOf(each))),
  );

const inputsOf = (unit: Unit): readonly Value[] => {
  if (!isUpdate(unit)) return unit.inputs;
  return unit.kind === 'assign' ? [unit.value] : [unit.gradient, unit.rate];
};

class Grouper {
  readonly #guards = new Map<Value, Guard>();
  /** Key and level of the group that gives a value. */
  readonly #homes = new Map<Value, { readonly key: string; readonly level: number }>();
  readonly #aliases = new Map<Value, Value>();
  readonly #groups = new Map<string, { guard: Guard; level: number; units: Unit[] }>();

  constructor({ operations, updates, outputs }: Entry) {
    const merged = operations.filter(isMerge).flatMap(({ inputs }) => inputs);
    const seen = new Set([...merged, ...Object.values(outputs)]);
    for (const unit of [...operations, ...updates]) this.#add(unit, seen);
  }

  finish(): Grouping {
    const groups = [...this.#groups.values()].toSorted((a, b) => a.level - b.level);
    return { groups, standsFor: (value) => this.#standsFor(value) };
  }

  /** @param seen values that are looked at where they may be absent */
  #add(unit: Unit, seen: ReadonlySet<Value>): void {
    const guard = this.#guardOf(unit);
    const outputs = isUpdate(unit) ? [] : unit.outputs;
    for (const output of outputs) this.#guards.set(output, guard);
    const [x] = inputsOf(unit);
    if (isGate(unit) && x !== undefined && !outputs.some((output) => seen.has(output))) {
      for (const output of outputs) this.#aliases.set(output, this.#standsFor(x));
      return;
    }
    const key = keyOf(guard);
    const level = this.#levelOf(unit, guard);
    for (const output of outputs) this.#homes.set(output, { key, level });
    const group = this.#groups.get(`${key} ${level}`) ?? { guard, level, units: [] };
    this.#groups.set(`${key} ${level}`, group);
    group.units.push(unit);
  }

  #guardOf(unit: Unit): Guard {
    const guards = inputsOf(unit).map((value) => this.#guards.get(value) ?? []);
    if (isMerge(unit)) return common(guards);
    if (!isGate(unit)) return union(guards);
    const [, condition] = unit.inputs;
    const { open } = unit.attributes;
    return union([...guards, condition === undefined ? [] : [{ condition, open }]]);
  }

  /** Behind all that it reads and all that says whether it is there. */
  #levelOf(unit: Unit, guard: Guard): number {
    const key = keyOf(guard);
    const read = [...inputsOf(unit), ...guard.map(({ condition }) => condition)];
    return read.reduce((level, value) => {
      const home = this.#homes.get(this.#standsFor(value));
      if (home === undefined) return level;
      return Math.max(level, home.key === key ? home.level : home.level + 1);
    }, 0);
  }

  #standsFor(value: Value): Value {
    return this.#aliases.get(value) ?? value;
  }
}

/** An entry's operations and updates in groups. */
export const groupsOf = (entry: Entry): Grouping => new Grouper(entry).finish();

/** What each group gives to others. */
export function crossingOf(
  { outputs }: Entry,
  { groups, standsFor }: Grouping,
): ReadonlyMap<Group, ReadonlySet<Value>> {
  const homes = new Map(
    groups.flatMap((group) =>
      group.units.flatMap((unit) =>
        isUpdate(unit) ? [] : unit.outputs.map((value) => [value, group] as const),
      ),
    ),
  );
  const crossing = new Map(groups.map((group) => [group, new Set<Value>()]));
  const read = (value: Value, by?: Group) => {
    const origin = standsFor(value);
    const home = homes.get(origin);
    if (home !== undefined && home !== by) crossing.get(home)?.add(origin);
  };
  for (const group of groups) {
    for (const { condition } of group.guard) read(condition);
    for (const unit of group.units) for (const value of inputsOf(unit)) read(value, group);
  }
  for (const value of Object.values(outputs)) read(value);
  return crossing;
}

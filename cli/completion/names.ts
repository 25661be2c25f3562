// The names of searches and of their trials, for completion: looked up where the typed flags say, and given up on where that takes long.
import type { Clock } from '../../operator/runtime/index.ts';
import { type PlaceFlags, type PlaceIo, type SearchPlace, withPlace } from '../place/index.ts';
import { formatObjectives } from '../quantities/index.ts';
import { knownTrials } from '../trials/index.ts';
import type { Candidate, Names, Typed } from './answer.ts';
import type { NameKind } from './words.ts';

export interface NamesIo extends PlaceIo {
  readonly clock: Clock;
}

/** Who presses TAB waits no longer, unless BIONAS_COMPLETION_SECONDS says so. */
const DEADLINE_SECONDS = 3;

/** None where they cannot be had: a shell has no place to say why. */
export const namesAt =
  (io: NamesIo): Names =>
  async (kind, typed) => {
    const silent = { ...io, err: () => undefined };
    const seconds = Number(io.env['BIONAS_COMPLETION_SECONDS']) || DEADLINE_SECONDS;
    const late = io.clock.sleep(seconds * 1000, io.signal).then(() => []);
    const found = withPlace(placeFlags(typed), silent, (place) =>
      Promise.race([NAMES[kind](place, typed), late]),
    );
    return Promise.race([found, late]).catch(() => []);
  };

function placeFlags({ options }: Typed): PlaceFlags {
  const text = (name: string) => {
    const value = options.get(name);
    return typeof value === 'string' ? value : undefined;
  };
  const flags = {
    cluster: options.has('cluster') || undefined,
    namespace: text('namespace'),
    context: text('context'),
    kubeconfig: text('kubeconfig'),
    nats: text('nats'),
    natsCreds: text('nats-creds'),
    natsNkey: text('nats-nkey'),
    natsCa: text('nats-ca'),
  };
  return Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
}

type Lookup = (place: SearchPlace, typed: Typed) => Promise<readonly Candidate[]>;

const NAMES: Readonly<Record<NameKind, Lookup>> = {
  /** Of a run the short name, or the directory where one is being typed. */
  async search(place, { current }) {
    const found = await place.searches();
    return found.map(({ search, argument }) => {
      const { spec, status } = search;
      const { succeeded = 0, failed = 0 } = status?.trials ?? {};
      const about = `${status?.phase ?? 'Pending'}, ${succeeded + failed} of ${spec.budget.trials} trials`;
      const value = current.includes('/') ? argument : (argument.split('/').at(-1) ?? argument);
      return { value, about };
    });
  },

  async trial(place, { positionals }) {
    const found = await place.open(positionals[0] ?? '');
    const { trials } = await knownTrials(found);
    return trials.map(({ name, state, objectives = [] }) => {
      const values = formatObjectives(found.search.spec.objectives, objectives);
      return { value: name, about: values === '' ? state : `${state} ${values}` };
    });
  },
};

// Rehearses some networks of a stage, as many at once as the search would train, so that they are in each other's way as there.
import type { TrialSpec } from '../../crds/index.ts';
import { deviceOfTrial } from '../../operator/reconcilers/index.ts';
import { type Measured, spreadOver } from './cost-model.ts';
import { type RehearsalPlace, rehearse } from './rehearse.ts';
import type { Sized } from './sizes.ts';

export interface MeasureOptions extends Omit<RehearsalPlace, 'threads'> {
  /** To rehearse of each stage, at most. */
  readonly networks: number;
  /** Trainers at once. */
  readonly slots: number;
  readonly cores: number;
  /** For people who wait. */
  readonly note: (line: string) => void;
}

/** Trainers at once on this machine; with an accelerator each has one for itself. */
export function trainersAtOnce(
  specs: readonly TrialSpec[],
  { slots, cores }: Pick<MeasureOptions, 'slots' | 'cores'>,
): number {
  const alone = specs[0] !== undefined && deviceOfTrial(specs[0], undefined) === 'accelerator';
  return alone ? 1 : Math.max(1, Math.min(slots, cores, specs.length));
}

/** @throws RehearsalError */
export async function measure(
  networks: readonly Sized[],
  together: number,
  options: MeasureOptions,
): Promise<Measured[]> {
  const { cores, note, seconds } = options;
  const threads = Math.max(1, Math.floor(cores / together));
  const chosen = spreadOver(networks, options.networks);
  const waves = Math.ceil(chosen.length / together);
  const each = `${threads} ${threads === 1 ? 'thread' : 'threads'} each`;
  note(
    `rehearsing ${chosen.length} networks, ${together} at once with ${each}: ${waves} times about ${2 * seconds + 6} s`,
  );
  const measured: Measured[] = [];
  for (let wave = 0; wave < waves; wave += 1) {
    // The last wave is filled up: the others would have the machine for themselves.
    const places = Array.from(
      { length: together },
      (_, k) => (wave * together + k) % chosen.length,
    );
    const specs = places.flatMap((place) => chosen[place]?.spec ?? []);
    measured.push(...(await rehearseTogether(specs, { ...options, threads })));
    note(`${Math.min(chosen.length, measured.length)} of ${chosen.length} networks are rehearsed`);
  }
  return measured.slice(0, chosen.length);
}

/** The first that fails ends the others. */
async function rehearseTogether(
  specs: readonly TrialSpec[],
  place: RehearsalPlace,
): Promise<Measured[]> {
  const failed = new AbortController();
  const signal = AbortSignal.any([place.signal, failed.signal]);
  const rehearsals = specs.map((spec) => rehearse(spec, { ...place, signal }));
  try {
    return await Promise.all(rehearsals);
  } catch (error) {
    failed.abort();
    await Promise.allSettled(rehearsals);
    throw error;
  }
}

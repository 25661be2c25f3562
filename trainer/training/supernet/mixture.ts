// Mixtures of all candidates, whose shares follow their gradient (DARTS) or evolve (BioNAS-EG): what is found stands in alpha.
import { buildSupernet } from '../../network/index.ts';
import { derived, keptEpoch, supernetCourse } from './course.ts';
import type { SupernetMethod } from './method.ts';
import { buildSupernetProgram } from './supernet-program.ts';

export const mixture: SupernetMethod = {
  program: (plan, mixed, settings) =>
    buildSupernetProgram({
      ...plan,
      supernet: buildSupernet(mixed),
      candidates: mixed.candidates.length,
      settings,
    }),
  course: ({ settings, candidates }, session) => supernetCourse(settings, session, candidates),
  find: async ({ settings, candidates }, { session }, outcome) => {
    const kept = keptEpoch(outcome.loop.history, settings);
    const { genotype } = kept?.derived ?? (await derived(session, candidates));
    return { outcome, kept, genotype };
  },
};

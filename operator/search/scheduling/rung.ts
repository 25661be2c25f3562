// A rung: networks that have trained equally long, best first, and which of them have gone on.
import type { Objective } from '../../../crds/index.ts';
import { compareScored, type Scored } from '../ranking.ts';

export interface Member extends Scored {
  /** Nothing follows: it diverged, was stopped or let go. It counts, and is never promoted. */
  readonly ended: boolean;
}

export interface Rung {
  /** Best first. */
  readonly members: readonly Member[];
  /** Indices, in the order of their promotion. */
  readonly promoted: readonly number[];
}

export const EMPTY_RUNG: Rung = { members: [], promoted: [] };

/** With a member more, or one that is told of again. */
export function withMember(rung: Rung, member: Member, objectives: readonly Objective[]): Rung {
  const better = compareScored(objectives);
  const others = rung.members.filter(({ index }) => index !== member.index);
  const at = others.findIndex((other) => better(member, other) < 0);
  return { ...rung, members: others.toSpliced(at === -1 ? others.length : at, 0, member) };
}

export const withPromoted = (rung: Rung, index: number): Rung => ({
  ...rung,
  promoted: [...rung.promoted, index],
});

/** The member is let go: it stays where it ranks. */
export const withEnded = (rung: Rung, index: number): Rung =>
  rung.members.some((member) => member.index === index && !member.ended)
    ? {
        ...rung,
        members: rung.members.map((member) =>
          member.index === index ? { ...member, ended: true } : member,
        ),
      }
    : rung;

/** Epochs of the rungs: minEpochs * eta^k below `epochs`, then `epochs`. */
export function rungEpochs(minEpochs: number, eta: number, epochs: number): number[] {
  const rungs: number[] = [];
  for (let at = minEpochs; at < epochs; at *= eta) rungs.push(at);
  return [...rungs, epochs];
}

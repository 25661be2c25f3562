// Door of the attacks: the table of all of them, and what they ask of a network.
export { toldRight } from './answers.ts';
export type { Attack, AttackedModel, Pictures, Slope } from './attack.ts';
export { type AttackRun, type AttackSignal, attackRuns, isSameRun } from './plan.ts';
export { ATTACK_TABLE } from './table.ts';

// One Trial of kind Supernet from its spec to its result: the same loop, checkpoint and reports as any Trial, and at the end a
// genotype in the place of a trained network.
import {
  candidatesOf,
  DARTS_OPERATIONS,
  parseGenotype,
  type Supernet as SupernetSpec,
  type TrialResult,
  type TrialSpec,
} from '../../../crds/index.ts';
import { loadLearningRules } from '../../learning-rules/index.ts';
import { networkCost, type SupernetCandidate } from '../../network/index.ts';
import { BadInputError } from '../bad-input-error.ts';
import { conclude } from '../conclude.ts';
import { networkOf } from '../network-of.ts';
import { EVALUATION_BATCH } from '../open-network.ts';
import type { TrainOutcome } from '../train.ts';
import { trainNetwork } from '../train-network.ts';
import type { InSession, OpenedData, TrialPorts } from '../trial-ports.ts';
import { type Found, REST, type Searched, type SupernetMethod } from './method.ts';
import { mixture } from './mixture.ts';
import { type Genes, judgeOf, singlePath } from './single-path/index.ts';

interface OpenSupernet extends InSession, Searched {
  readonly method: SupernetMethod;
}

/** `none` and every pair of operation and rule, each once. */
export function candidatesIn(settings: SupernetSpec): SupernetCandidate[] {
  const none = settings.none ? [{ operation: 'none' } as const] : [];
  return [...none, ...candidatesOf(settings, DARTS_OPERATIONS)];
}

/** The caller closes the session. */
async function openSupernet(
  spec: TrialSpec,
  { task, classes, statistics }: Pick<OpenedData, 'task' | 'classes' | 'statistics'>,
  { executor, threads, directory }: Pick<TrialPorts, 'executor' | 'threads' | 'directory'>,
): Promise<OpenSupernet> {
  const settings = spec.supernet;
  if (settings === undefined) throw new BadInputError('supernet: expected what it mixes, got none');
  const method = settings.singlePath === undefined ? mixture : singlePath;
  const { shape, training } = spec;
  const candidates = candidatesIn(settings);
  const { partialChannels } = settings;
  const rules = await loadLearningRules();
  const mixed = { candidates, shape, task, rules, rest: REST, partialChannels } as const;
  const plan = { task, statistics, training, evaluationBatch: EVALUATION_BATCH };
  const step = method.program(plan, mixed, settings);
  const session = await executor.open(step.program, {
    device: training.device,
    rewrites: false,
    ...(threads === undefined ? {} : { threads }),
  });
  const opened = { task, classes, statistics, session, step, directory };
  return { spec, settings, method, candidates, ...opened };
}

/** Undefined where it was interrupted, at that epoch. */
export async function runSupernet(
  spec: TrialSpec,
  opened: OpenedData,
  { ports, checkpoint }: { readonly ports: TrialPorts; readonly checkpoint: string },
): Promise<{ readonly outcome: TrainOutcome; readonly result?: TrialResult }> {
  const supernet = await ports.spans.during('build', () => openSupernet(spec, opened, ports));
  const { session, method } = supernet;
  try {
    const course = method.course(supernet, session);
    const how = { data: opened.data, ports, checkpoint, course };
    const { context, outcome, path } = await trainNetwork(supernet, how);
    if (outcome.kind === 'interrupted') return { outcome };
    const found = await method.find(supernet, context, outcome);
    if (found === undefined) return { outcome };
    return { outcome, result: await resultOf(supernet, found, { ports, path }) };
  } finally {
    session.close();
  }
}

/**
 * Accuracy of each of these paths on the pictures that paths are judged by, in a supernet of single paths: trained here, or as far as its
 * checkpoint is not. Undefined where it was interrupted, or diverged.
 */
export async function judgePaths(
  spec: TrialSpec,
  opened: OpenedData,
  { ports, checkpoint }: { readonly ports: TrialPorts; readonly checkpoint: string },
  paths: readonly Genes[],
): Promise<number[] | undefined> {
  const supernet = await openSupernet(spec, opened, ports);
  const { session, method } = supernet;
  try {
    const course = method.course(supernet, session);
    const how = { data: opened.data, ports, checkpoint, course };
    const { context, outcome } = await trainNetwork(supernet, how);
    if (outcome.kind !== 'trained') return undefined;
    const judge = await judgeOf(supernet, context);
    const scores: number[] = [];
    for (const genes of paths) {
      const score = await judge(genes);
      if (score === undefined) return undefined;
      scores.push(score.accuracy);
    }
    return scores;
  } finally {
    session.close();
  }
}

async function resultOf(
  supernet: OpenSupernet,
  { outcome, kept, genotype, judged }: Found,
  { ports, path }: { readonly ports: TrialPorts; readonly path: string },
): Promise<TrialResult> {
  const { spec, task, step } = supernet;
  const trained = {
    ...supernet,
    genotype: parseGenotype(genotype),
    network: await networkOf({ ...spec, genotype }, task),
  };
  // Weights of the derived network are for its own training to find.
  const own = { ...ports, writeArtifacts: async () => ({}) };
  const measured = networkCost(trained.network, task);
  const result = await conclude(trained, outcome, { measured, kept, ports: own, path });
  if (result.outcome === 'Diverged' || kept === undefined) return result;
  const { parameterCount: parameters } = step.variables;
  const what = { genotype, epoch: kept.epoch, parameters };
  return { ...result, supernet: judged === undefined ? what : { ...what, judged } };
}

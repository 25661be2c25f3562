// `bionas export pytorch SEARCH [TRIAL] --to DIR`: a trained network as a module of PyTorch and its weights.
import type { Command } from 'commander';
import { isSupernetText, KEPT_FILES } from '../../crds/index.ts';
import {
  type FoundSearch,
  withPlace,
  withPlaceOptions,
  withSearchArgument,
} from '../place/index.ts';
import { hasEnded } from '../trials/index.ts';
import { chosenTrial, shapeOf } from './chosen-network.ts';
import { type ExportIo, type FolderFlags, giveFiles, withFolder } from './destination.ts';
import type { NetworkModule } from './pytorch/index.ts';

/** A trial that has left no trained network. */
export class NoModelError extends Error {
  override readonly name = 'NoModelError';
  readonly exitCode = 2;
}

const HELP = `
Without a trial: the best final network, or the best one of the search where none is final yet. DIR gets network.py, a module
with the classes that this network needs and no others, and weights.safetensors, a state_dict for load_state_dict with
strict=True; the docstring shows how they are used. The network computes what the trial's model.onnx does, normalisation of
pictures included; what only training needs (auxiliary heads, feedback weights) is not there. Of a cluster, model.onnx is read
from its NATS, or from S3 where spec.checkpoints.place says so.

Examples:
  bionas export pytorch runs/quickstart --to winner
  kubectl bionas export pytorch quickstart 12 -n team-a --nats tls://localhost:4222 --to trial-12`;

export function addPytorchCommand(parent: Command, io: ExportIo): void {
  const command = parent
    .command('pytorch')
    .description('a trained network as PyTorch source and weights: the winner, or that of a trial');
  withFolder(withPlaceOptions(withSearchArgument(command)).argument('[trial]', 'index or name'))
    .addHelpText('after', HELP)
    .action((search: string, trial: string | undefined, flags: FolderFlags) =>
      withPlace(flags, io, async (place) => {
        const { source, weights } = await moduleOf(await place.open(search), trial);
        await giveFiles({ 'network.py': source, 'weights.safetensors': weights }, flags, io);
      }),
    );
}

/** @throws NoModelError | NoGenotypeError | ExportedModelError | PlaceError */
async function moduleOf(found: FoundSearch, word: string | undefined): Promise<NetworkModule> {
  const { metadata, spec } = found.search;
  const trial = await chosenTrial(found, word);
  const { name, genotype, state, artifacts } = trial;
  const place = artifacts[KEPT_FILES.model];
  const isTrained = hasEnded(state) && !isSupernetText(genotype);
  const model = isTrained
    ? await found.file({ trial: name, file: KEPT_FILES.model, place })
    : undefined;
  if (model === undefined)
    throw new NoModelError(
      `${name}: expected the ${KEPT_FILES.model} of a network that was trained to its end, found none: ${whyNone(state)}`,
    );
  // What reads models is loaded only here: other exports start without it.
  const { networkModule } = await import('./pytorch/index.ts');
  return networkModule({
    model,
    where: place ?? `${KEPT_FILES.model} of ${name}`,
    genotype,
    shape: shapeOf(trial, spec),
    search: metadata.name,
    trial: name,
    dataset: spec.dataset.name,
  });
}

function whyNone(state: Parameters<typeof hasEnded>[0]): string {
  if (!hasEnded(state)) return `it is ${state.toLowerCase()}`;
  return state === 'Trained' || state === 'Infeasible'
    ? 'the file is gone, or the trial is a supernet'
    : `it ${state === 'Diverged' ? 'diverged' : 'failed'}`;
}

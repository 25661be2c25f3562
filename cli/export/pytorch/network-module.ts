// network.py and weights.safetensors of a trained network: classes of PyTorch as one would write them by hand, and no others than
// this network needs. Pure.
import {
  type Genotype,
  type NetworkShape,
  parseGenotype,
  printGenotype,
} from '../../../crds/index.ts';
import { encodeSafetensors } from '../../../trainer/safetensors/index.ts';
import { blocksFor } from './blocks.ts';
import { darts } from './darts.ts';
import { type ExportedModel, ExportedModelError, readModel } from './exported-model.ts';
import { fixed } from './fixed.ts';
import {
  type ModuleFamily,
  type ModulePlan,
  type ModuleSource,
  moduleClass,
} from './module-family.ts';
import { nb201 } from './nb201.ts';
import { listLiteral, longLiteral, numbers } from './python-text.ts';
import { stateDict } from './state-dict.ts';

type Kind = Genotype['kind'];
type FamilyOf<K extends Kind> = ModuleFamily<Extract<Genotype, { kind: K }>>;

/** Adding a family: its file and a word here. */
const FAMILIES: { readonly [K in Kind]: FamilyOf<K> } = { darts, nb201, fixed };

const sourceOf = <K extends Kind>(kind: K, plan: ModulePlan<Extract<Genotype, { kind: K }>>) =>
  FAMILIES[kind](plan);

export interface TrainedNetwork {
  /** Of model.onnx. */
  readonly model: Uint8Array;
  /** Of that file, for errors. */
  readonly where: string;
  readonly genotype: string;
  readonly shape: NetworkShape;
  readonly search: string;
  readonly trial: string;
  readonly dataset: string;
}

export interface NetworkModule {
  /** Text of network.py. */
  readonly source: string;
  /** weights.safetensors: a state_dict that the module takes strictly. */
  readonly weights: Uint8Array;
}

/** @throws ExportedModelError */
export function networkModule(trained: TrainedNetwork): NetworkModule {
  const { where, shape } = trained;
  const model = readModel(trained.model, where);
  const genotype = parseGenotype(trained.genotype);
  const text = printGenotype(genotype);
  if (model.genotype !== text)
    throw new ExportedModelError(`${where}: expected the network ${text}, got ${model.genotype}`);
  const source = sourceOf(genotype.kind, { genotype, shape, task: model.task } as never);
  const tensors = stateDict(model, source);
  const metadata = { format: 'pt', genotype: text };
  return {
    source: pythonOf(source, model, trained),
    weights: encodeSafetensors({ tensors, metadata }),
  };
}

function pythonOf(source: ModuleSource, model: ExportedModel, trained: TrainedNetwork): string {
  const network = networkClass(source, model);
  const own = [...source.classes, network];
  const classes = [...blocksFor(own.join('\n')), ...own].join('\n\n\n');
  const functional = /\bF\./.test(classes) ? ['import torch.nn.functional as F'] : [];
  const torch = /\btorch\./.test(classes) ? ['import torch'] : [];
  const imports = [...torch, ...functional, 'from torch import Tensor, nn'].join('\n');
  const constants = `${constantsOf(model).join('\n')}\n`;
  return `${[docstring(model, trained), imports, constants, classes].join('\n\n')}\n`;
}

const constantsOf = ({ genotype, classes, statistics }: ExportedModel): string[] => [
  `GENOTYPE = ${longLiteral(genotype)}`,
  `CLASSES = ${listLiteral(classes)}`,
  ...(statistics === undefined
    ? []
    : [`MEAN = ${numbers(statistics.mean)}`, `STD = ${numbers(statistics.deviation)}`]),
];

function docstring(
  { task, accuracy }: ExportedModel,
  { search, trial, dataset }: TrainedNetwork,
): string {
  const { channels, height, width, classes } = task;
  const scored = accuracy === undefined ? '' : `, accuracy ${accuracy}`;
  return `"""A network that bionas found: trial ${trial} of search ${search}, trained on ${dataset}${scored}.

    import torch
    from safetensors.torch import load_file

    from network import CLASSES, Network

    network = Network()
    network.load_state_dict(load_file("weights.safetensors"))
    network.eval()
    with torch.inference_mode():
        logits = network(pictures)

pictures: float32 [batch, ${channels}, ${height}, ${width}] in [0, 1]; the network normalises them itself. logits: [batch, ${classes}], before
softmax, in the order of CLASSES. learning_rule of a module says by which rule its weights were trained.
"""`;
}

function networkClass(
  { modules, forward }: ModuleSource,
  { statistics, task }: ExportedModel,
): string {
  const buffer = (name: string, values: string) =>
    `self.register_buffer("${name}", torch.tensor(${values}).view(-1, 1, 1), persistent=False)`;
  const normalised = statistics !== undefined;
  return moduleClass({
    name: 'Network',
    says: `Pictures [batch, ${task.channels}, ${task.height}, ${task.width}] in [0, 1] to logits [batch, ${task.classes}].`,
    takes: [],
    shown: ['pictures'],
    modules: [...(normalised ? [buffer('mean', 'MEAN'), buffer('std', 'STD')] : []), ...modules],
    forward: [...(normalised ? ['x = (pictures - self.mean) / self.std'] : []), ...forward],
  });
}

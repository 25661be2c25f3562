// How a family of networks becomes a PyTorch module. Members: nb201.ts, darts.ts, fixed.ts.
import type { Genotype, NetworkShape } from '../../../crds/index.ts';
import type { Task } from '../../../trainer/network/index.ts';

export interface ModulePlan<G extends Genotype = Genotype> {
  readonly genotype: G;
  readonly shape: NetworkShape;
  readonly task: Task;
}

/** What a module of Python is written from. Parts of a network that its answer does not depend on are left out, as in model.onnx. */
export interface ModuleSource {
  /** Whole classes, of cells. */
  readonly classes: readonly string[];
  /** Lines of Network.__init__: its submodules. */
  readonly modules: readonly string[];
  /** Lines of Network.forward, from `x`, the normalised pictures, to `return` of the logits. */
  readonly forward: readonly string[];
  /** Of paths of variables, with `.` between their parts: what to replace by what, in this order. */
  readonly renames: readonly (readonly [pattern: RegExp, by: string])[];
}

/** Writes networks of one family. */
export type ModuleFamily<G extends Genotype> = (plan: ModulePlan<G>) => ModuleSource;

export const learnedBy = (rule: string, module: string): string =>
  `learned_by("${rule}", ${module})`;

const INDENT = '    ';

export const indented = (lines: readonly string[], depth = 2): string =>
  lines.map((line) => (line === '' ? '' : INDENT.repeat(depth) + line)).join('\n');

interface ClassPlan {
  readonly name: string;
  readonly says: string;
  /** Parameters of __init__ and forward, without self. */
  readonly takes: readonly string[];
  readonly shown: readonly string[];
  readonly modules: readonly string[];
  readonly forward: readonly string[];
}

/** A class of Python that is a module. */
export function moduleClass(plan: ClassPlan): string {
  const { name, says, takes, shown, modules, forward } = plan;
  const tensors = shown.map((each) => `${each}: Tensor`);
  return `class ${name}(nn.Module):
    """${says}"""

    def __init__(${['self', ...takes].join(', ')}):
        super().__init__()
${indented(modules)}

    def forward(${['self', ...tensors].join(', ')}) -> Tensor:
${indented(forward)}`;
}

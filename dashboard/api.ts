// What the dashboard's page and its server say to each other: JSON over HTTP, and what changes as server-sent events. Types alone;
// the page is built without the rest of bionas. Paths are below /api; a search is named by namespace and name.
//
//   GET   searches                                  SearchList
//   GET   searches/NS/NAME                          SearchView
//   GET   searches/NS/NAME/trials                   TrialTable
//   GET   searches/NS/NAME/trials/TRIAL             TrialView
//   GET   searches/NS/NAME/importance               Importance, or null where too few trials have a score
//   GET   searches/NS/NAME/trials/TRIAL/log?attempt=N&worker=N&tail=BYTES   text/plain
//   GET   searches/NS/NAME/trials/TRIAL/files/FILE  one of TrialView.files
//   GET   searches/NS/NAME/events?after=VERSION     text/event-stream of SearchChange
//   PATCH searches/NS/NAME                          a merge patch of spec (SearchEdit); answers with SearchView
//
// The stream has events `change` and `problem` (a Problem: the search cannot be read for now; it is tried again), and a comment
// every 15 s. A stream that breaks goes on by Last-Event-ID, a new one begins at `after`, or at what is then. Edits are sent as
// application/json with Authorization: Bearer TOKEN (SearchView.token).
//
// What cannot be done is answered by Problem, with the status of HTTP that fits.

import type { Comparison } from '../cli/comparison/index.ts';
import type { Diagram } from '../cli/genotype/index.ts';
import type { ResultTrial } from '../cli/result/index.ts';
import type {
  BioNASSearch,
  BioNASSearchSpec,
  LearningRuleName,
  RungSummary,
} from '../crds/index.ts';

export type { BioNASSearchSpec, Comparison, Diagram, LearningRuleName, ResultTrial, RungSummary };

export interface Problem {
  /** What was expected, what is there, and what to do. */
  readonly error: string;
}

export interface SearchList {
  readonly searches: readonly SearchRow[];
  /** Runs that are there and cannot be read. */
  readonly unreadable: readonly {
    readonly namespace: string;
    readonly name: string;
    readonly problem: string;
  }[];
}

export interface SearchRow {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Pending, Searching, Finalizing, Suspended, Completed, Failed; Interrupted: no process carries this run out. */
  readonly phase: string;
  readonly message?: string;
  readonly algorithm: string;
  /** As the spec has them. */
  readonly objectives: BioNASSearchSpec['objectives'];
  readonly trials: Counts;
  /** Of the best trial so far, one an objective. */
  readonly best?: readonly number[];
  readonly budget: BudgetUse;
  /** RFC 3339 */
  readonly startTime?: string;
  readonly completionTime?: string;
}

export interface Counts {
  readonly running: number;
  readonly paused: number;
  readonly succeeded: number;
  /** Of the succeeded, those outside of the constraints. */
  readonly infeasible: number;
  readonly failed: number;
  readonly proposed: number;
}

export interface BudgetUse {
  readonly trials: number;
  readonly deviceSeconds: number;
  /** 0: no limit. */
  readonly gpuHours: number;
  /** As the spec has it, such as 12h. */
  readonly wallClock?: string;
  /** Of the whole search, an estimate from its pace; absent where there is none, and at the end. */
  readonly secondsLeft?: number;
}

export interface SearchView extends SearchRow {
  readonly object: BioNASSearch;
  /** The same as YAML. */
  readonly yaml: string;
  /** Whether this server takes edits at all (--allow-edits). */
  readonly editable: boolean;
  /** Whose token an edit is sent with: that of the page's address (#token=TOKEN), or the caller's own for the API server. */
  readonly token?: 'address' | 'caller';
  readonly rungs: readonly RungSummary[];
  /** Names of the places of a network that the search varies, in the order of TrialRow.genes; empty where it varies whole networks. */
  readonly places: readonly string[];
  readonly comparisons: readonly Comparison[];
  readonly warnings: readonly string[];
}

/** Share of the variance of the first objective that a place of the network explains alone, by a forest over trials (fANOVA, Hutter et al. 2014). */
export interface Importance {
  readonly places: readonly { readonly place: string; readonly share: number }[];
  /** The same of how often each rule stands in a network. */
  readonly rules: readonly { readonly rule: LearningRuleName; readonly share: number }[];
  readonly trials: number;
}

/** All trials of a search; `version` grows with each change, and names the place in the stream of events from where to go on. */
export interface TrialTable {
  readonly version: number;
  /** Values that genes are numbers of, `sep_conv_3x3:uSF`. */
  readonly alphabet: readonly string[];
  readonly trials: readonly TrialRow[];
}

/** Small, for there are thousands. */
export interface TrialRow {
  readonly name: string;
  readonly index: number;
  readonly state: ResultTrial['state'];
  /** Absent: a search trial. */
  readonly final?: true;
  readonly control?: string;
  readonly parent?: number;
  readonly variation?: string;
  /** One an objective. */
  readonly objectives?: readonly number[];
  readonly accuracy?: number;
  readonly testAccuracy?: number;
  readonly parameters?: number;
  readonly macs?: number;
  readonly deviceSeconds: number;
  readonly epochs: number;
  /** RFC 3339 */
  readonly startTime?: string;
  readonly completionTime?: string;
  readonly reason?: string;
  /** One a place: an index of TrialTable.alphabet, or -1 where nothing stands, as at DARTS's edges that a node does not have. */
  readonly genes: readonly number[];
  /** How often each rule of TrialTable's search stands in it, in the order of spec.searchSpace.learningRules. */
  readonly rules: readonly number[];
  /** Accuracy on held-out pictures, one an epoch: the learning curve. */
  readonly curve: readonly number[];
}

/** One event `change` of the stream; its id is `version`. What was missed comes first (Last-Event-ID), or `reset`: load the table again. */
export interface SearchChange {
  readonly version: number;
  readonly search: SearchRow;
  /** Those that are new or changed, whole. */
  readonly trials: readonly TrialRow[];
  /** Values that the alphabet has more of than before, to be put at its end. */
  readonly alphabet: readonly string[];
  readonly reset?: true;
}

export interface TrialView {
  readonly row: TrialRow;
  readonly trial: ResultTrial;
  /** The object as YAML, where there is one; otherwise its record in the ledger. */
  readonly yaml: string;
  readonly diagrams: readonly Diagram[];
  readonly attempts: readonly AttemptView[];
  readonly files: readonly FileView[];
  /** Layers by epoch, where they were measured. */
  readonly layers: readonly LayerCurve[];
}

export interface AttemptView {
  readonly attempt: number;
  /** Of several: from 1; left out for the first, which speaks for the attempt. */
  readonly worker?: number;
  readonly pod: string;
  readonly phase?: string;
  readonly node?: string;
  readonly reason?: string;
  readonly exitCode?: number;
  readonly message?: string;
  readonly hasLog: boolean;
}

export interface FileView {
  /** genotype.json, model.onnx, checkpoint.safetensors, alignment.jsonl */
  readonly name: string;
  /** Where it is known without having it. */
  readonly bytes?: number;
  /** Why it cannot be had here, and what to do. */
  readonly problem?: string;
}

export interface LayerCurve {
  readonly layer: string;
  readonly rule?: string;
  /** Angle between the rule's signal and the true gradient in degrees, one an epoch; null where it was not measured. */
  readonly angle?: readonly (number | null)[];
  /** Variance of the gradient, one an epoch. */
  readonly gradientVariance?: readonly (number | null)[];
}

/** What may change of a search that runs, as a JSON merge patch (RFC 7386). */
export interface SearchEdit {
  readonly suspend?: boolean;
  readonly budget?: Partial<{
    trials: number;
    gpuHours: number;
    wallClock: string | null;
    failedTrials: number;
  }>;
}

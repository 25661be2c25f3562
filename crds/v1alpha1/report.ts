// What a trainer says on the bus. A report may come twice, late or out of order: (trial, attempt, sequence) names it.
import { z } from 'zod';
import { RuleAlignment } from './alignment.ts';
import { Precision } from './precision.ts';
import { RobustnessResult } from './robustness.ts';
import { STOPS } from './stopping.ts';
import { Derived } from './supernet.ts';

/** Metrics of one epoch; accuracies in [0, 1], loss in nats. */
export const EpochMetrics = z.object({
  epoch: z.int().min(1).describe('1-based.'),
  loss: z
    .number()
    .nullable()
    .describe(
      'Mean training loss, with what regularisation adds to it; null where it was not finite.',
    ),
  accuracy: z.number().min(0).max(1).describe('Training accuracy, on augmented pictures.'),
  validationLoss: z.number().nullable().optional().describe('Mean loss on the held-out pictures.'),
  validationAccuracy: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('Accuracy on the held-out pictures.'),
  gradientAngle: RuleAlignment.shape.gradientAngle.describe(
    "Mean over the layers of the angle between a layer's gradient and backpropagation's [degrees], after the epoch.",
  ),
  derived: Derived.optional().describe(
    'What the alpha of a supernet stands for after the epoch; of single paths, what was found after the last.',
  ),
  learningRate: z.number().describe('Learning rate of the last step.'),
  seconds: z.number().min(0).describe('Wall time of the epoch, evaluation included.'),
  picturesPerSecond: z.number().min(0).describe('Training pictures over training time.'),
});
export type EpochMetrics = z.infer<typeof EpochMetrics>;

export const Progress = z.object({
  epoch: z.int().min(0).describe('Epochs finished.'),
  epochs: z.int().min(1).describe('Epochs in all.'),
  step: z.int().min(0).describe('Steps finished in the running epoch.'),
  steps: z.int().min(1).describe('Steps of an epoch.'),
  loss: z.number().nullable().optional().describe('Mean loss of the latest steps.'),
  accuracy: z.number().min(0).max(1).optional().describe('Training accuracy of the latest steps.'),
  validationAccuracy: z.number().min(0).max(1).optional().describe('As of the latest evaluation.'),
  picturesPerSecond: z.number().min(0).optional().describe('Training rate.'),
  waiting: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe("Share of the running epoch's time in which steps waited for pictures."),
  attacks: z
    .object({
      ended: z.int().min(0).describe('Attacks that have ended.'),
      of: z.int().min(1).describe('Attacks in all.'),
    })
    .optional()
    .describe('Once training is over and the network is attacked.'),
});
export type Progress = z.infer<typeof Progress>;

/** Epochs a result carries at most, so that a Trial stays small. */
export const EPOCHS_KEPT = 300;

/** Thirty years: times devices, and summed over trials, it stays a number. */
const MOST_SECONDS = 1e9;

/** What one network was worth and what it cost. */
export const TrialResult = z
  .object({
    outcome: z
      .enum(['Trained', 'Diverged', 'Infeasible'])
      .describe(
        'Diverged: the loss left the finite numbers. Infeasible: outside of its constraints before the first step, and not trained.',
      ),
    stopped: z
      .enum(STOPS)
      .optional()
      .describe('By what rule of spec.stopping it ended before its last epoch.'),
    metrics: z
      .object({
        accuracy: z
          .number()
          .min(0)
          .max(1)
          .optional()
          .describe('Validation accuracy at the last epoch.'),
        loss: z.number().optional().describe('Validation loss at the last epoch.'),
        robustAccuracy: z
          .number()
          .min(0)
          .max(1)
          .optional()
          .describe('Accuracy on held-out pictures attacked along the true gradient.'),
        testAccuracy: z
          .number()
          .min(0)
          .max(1)
          .optional()
          .describe('Accuracy on the test pictures (final trials only).'),
        testLoss: z.number().optional().describe('Loss on the test pictures (final trials only).'),
        parameters: z.int().min(0).describe('Trained numbers; feedback weights are not counted.'),
        macs: z.int().min(0).describe('Multiply-accumulates of one picture forward.'),
        picturesPerSecond: z.number().min(0).describe('Mean training rate.'),
        latency: z
          .number()
          .min(0)
          .optional()
          .describe(
            'Median time of a forward pass of one batch, from host memory to host memory [s].',
          ),
        synflow: z
          .number()
          .min(0)
          .optional()
          .describe(
            'Sum over weights of |theta dR/dtheta| before the first step; R: the sum of the logits of all-ones pictures under absolute weights (Tanaka et al. 2020).',
          ),
        alignmentAtInit: z
          .number()
          .min(-1)
          .max(1)
          .optional()
          .describe(
            "Mean over layers of the cosine between a layer's gradient and backpropagation's before the first step, on one batch.",
          ),
        seconds: z
          .number()
          .min(0)
          .max(MOST_SECONDS)
          .describe('Training and evaluation, all attempts together.'),
      })
      .describe('Numbers a search may optimise.'),
    epochs: z
      .array(EpochMetrics)
      .max(EPOCHS_KEPT)
      .describe('One entry an epoch; of longer trainings a regular selection that keeps the last.'),
    alignment: z
      .array(RuleAlignment)
      .max(16)
      .optional()
      .describe(
        'Of each learning rule, the means over its layers at the end, geometric ones of ratios.',
      ),
    supernet: z
      .object({
        genotype: Derived.shape.genotype.describe(
          "Canonical text of the network that was derived; accuracy and loss are the supernet's, parameters and macs those of this network.",
        ),
        epoch: z.int().min(1).describe('Epoch after which it was derived.'),
        parameters: z.int().min(0).describe('Trained numbers of the supernet, without alpha.'),
        judged: z
          .object({
            paths: z.int().min(1).describe('How many.'),
            accuracy: z
              .number()
              .min(0)
              .max(1)
              .describe('Of the best one, on the pictures that it was chosen by.'),
            mean: z.number().min(0).max(1).describe('Mean accuracy of all.'),
          })
          .optional()
          .describe('Single paths judged once the supernet was trained.'),
      })
      .optional()
      .describe('What a supernet found.'),
    robustness: RobustnessResult.optional().describe(
      'How it stood up to attacks, where asked for.',
    ),
    artifacts: z
      .record(z.string().max(64), z.string().max(1024))
      .describe('Name to place: model.onnx, genotype.json, checkpoint.'),
    precision: z
      .object({
        products: Precision.describe('What convolutions and matrix products computed in.'),
        lossScale: z.number().min(0).optional().describe('At the end (float16).'),
        skippedSteps: z
          .int()
          .min(0)
          .optional()
          .describe('Steps that changed no weight, as a gradient was not finite (float16).'),
      })
      .optional()
      .describe('Of training.'),
    executor: z
      .object({
        executor: z.string().max(64).describe('Executor of the step program.'),
        library: z.string().max(128).describe('Library and its version.'),
        device: z.string().max(128).describe('CPU or GPU, by its name.'),
      })
      .describe('What computed it.'),
  })
  .meta({ 'x-kubernetes-map-type': 'atomic' });
export type TrialResult = z.infer<typeof TrialResult>;

export const Report = z.object({
  trial: z.string().max(64).describe('UID of the trial.'),
  attempt: z.int().min(0).describe('Which Pod of the trial, from 0.'),
  sequence: z.int().min(0).describe('Rises by one with each report of the attempt.'),
  body: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('progress'), progress: Progress }),
    z.object({ kind: z.literal('epoch'), metrics: EpochMetrics, progress: Progress }),
    z.object({ kind: z.literal('result'), result: TrialResult }),
    z.object({
      kind: z.literal('failure'),
      reason: z.enum([
        'InvalidInput',
        'TrainerFailed',
        'DeviceUnavailable',
        'Interrupted',
        'OutOfMemory',
      ]),
      message: z.string().max(32_768),
    }),
  ]),
});
export type Report = z.infer<typeof Report>;

/**
 * Exit codes of a trainer. `noDevice`: a GPU was asked for, and is not what computes (EX_UNAVAILABLE of sysexits.h). `peerLost`: another
 * worker of the trial is gone or silent (EX_PROTOCOL).
 */
export const EXIT = {
  done: 0,
  failed: 1,
  badInput: 64,
  noDevice: 69,
  interrupted: 75,
  peerLost: 76,
} as const;

// How a network is trained. Defaults are sensible for small pictures; every published recipe can be written down.
import { z } from 'zod';
import { DeviceOptions } from './device.ts';
import { Precision } from './precision.ts';

export const Optimizer = z.object({
  name: z.enum(['sgd', 'adam']).default('sgd').describe('SGD with momentum, or Adam.'),
  learningRate: z.number().gt(0).max(100).default(0.05).describe('Peak learning rate.'),
  momentum: z.number().min(0).max(1).default(0.9).describe('Momentum of SGD.'),
  nesterov: z.boolean().default(false).describe('Nesterov momentum (SGD).'),
  weightDecay: z
    .number()
    .min(0)
    .max(1)
    .default(0.0003)
    .describe('L2 penalty added to the gradient of every parameter.'),
  beta1: z.number().min(0).max(1).default(0.9).describe('First moment decay of Adam.'),
  beta2: z.number().min(0).max(1).default(0.999).describe('Second moment decay of Adam.'),
  epsilon: z.number().gt(0).max(1).default(1e-8).describe('Epsilon of Adam.'),
});

export const Schedule = z.object({
  name: z
    .enum(['constant', 'cosine', 'linear', 'step', 'exponential'])
    .default('cosine')
    .describe('How the learning rate falls after the warm-up.'),
  minimum: z
    .number()
    .min(0)
    .max(100)
    .default(0)
    .describe('Last learning rate of cosine and linear.'),
  warmupEpochs: z.number().min(0).max(1000).default(0).describe('Epochs of linear rise from zero.'),
  milestones: z
    .array(z.int().min(1).max(100_000))
    .max(32)
    .default([])
    .describe('Epochs at which step multiplies by gamma.'),
  gamma: z
    .number()
    .gt(0)
    .max(1)
    .default(0.1)
    .describe('Factor of step, and of each epoch of exponential.'),
});

const share = (most: number) => z.number().min(0).max(most).default(0);

export const ColorJitter = z.object({
  brightness: share(1).describe('Brightness times 1 less to 1 more this; 0 is off.'),
  contrast: share(1).describe('Contrast times 1 less to 1 more this; 0 is off.'),
  saturation: share(1).describe('Saturation times 1 less to 1 more this; 0 is off.'),
  hue: share(0.5).describe('Share of a turn that the hue moves either way; 0 is off.'),
});

export const Augmentation = z.object({
  crop: z
    .int()
    .min(0)
    .max(64)
    .default(0)
    .describe('Zero padding of the random crop, in pixels; 0 is off.'),
  resizedCrop: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe(
      'Smallest share of the picture that a random crop takes, sides 3:4 to 4:3, to be resized (imagenet); 0 is off: the middle, as in evaluation.',
    ),
  colorJitter: ColorJitter.optional().describe(
    "Random changes of colour, as torchvision's ColorJitter makes them; absent is off.",
  ),
  flip: z.boolean().default(false).describe('Random horizontal flip.'),
  cutout: z
    .int()
    .min(0)
    .max(224)
    .default(0)
    .describe('Side of the cutout square, in pixels; 0 is off.'),
});

export const Regularisation = z.object({
  labelSmoothing: z
    .number()
    .min(0)
    .max(0.9)
    .default(0)
    .describe('Share of the label spread over all classes.'),
  dropPath: z
    .number()
    .min(0)
    .max(0.9)
    .default(0)
    .describe('Drop-path probability at the last epoch (darts); rises linearly.'),
  auxiliaryWeight: z
    .number()
    .min(0)
    .max(10)
    .default(0)
    .describe('Weight of the auxiliary head (darts); 0 is no head.'),
  gradientClip: z
    .number()
    .min(0)
    .max(1e6)
    .default(5)
    .describe('Largest global norm of the gradient; 0 is off.'),
  gradientClipValue: z
    .number()
    .min(0)
    .max(1e6)
    .default(0)
    .describe(
      "Largest size of any one number in layers' gradients and in the signals that they send back; 0 is off.",
    ),
  constrainWeights: z
    .boolean()
    .default(false)
    .describe(
      'Whether each step scales the weights of every layer back to the norm they began with.',
    ),
});

export const Training = z.object({
  epochs: z.int().min(1).max(100_000).default(1).describe('Passes over the training pictures.'),
  batchSize: z.int().min(1).max(65_536).default(64).describe('Pictures a step.'),
  initialization: z
    .enum(['xavier', 'kaiming'])
    .default('xavier')
    .describe(
      'Law of weights and feedback weights: U(+-sqrt(6/(fan in + fan out))) or U(+-1/sqrt(fan in)).',
    ),
  precision: Precision.default('float32').describe(
    'What convolutions and matrix products of a training step compute in; all that is kept, and scores, are float32. float16 scales its loss.',
  ),
  device: DeviceOptions.prefault({}).describe('How the device computes (TensorFlow).'),
  optimizer: Optimizer.prefault({}).describe('The optimizer.'),
  schedule: Schedule.prefault({}).describe('The learning rate over time.'),
  augmentation: Augmentation.prefault({}).describe('Random changes of training pictures.'),
  regularisation: Regularisation.prefault({}).describe(
    'What keeps the network from fitting noise.',
  ),
  alignment: z
    .boolean()
    .default(true)
    .describe(
      "Whether epochs end with a comparison of each layer's feedback weights and gradient with those of backpropagation.",
    ),
  gradientVariance: z
    .boolean()
    .default(false)
    .describe(
      'Whether the variance of gradients over 20 batches is measured before training and after a tenth, half and all of it.',
    ),
});
export type Training = z.infer<typeof Training>;

/** What `final` may change; whatever is left out stays as in `training`. */
export const TrainingOverrides = z.object({
  epochs: z.int().min(1).max(100_000).optional().describe('Passes over the training pictures.'),
  batchSize: z.int().min(1).max(65_536).optional().describe('Pictures a step.'),
  learningRate: z.number().gt(0).max(100).optional().describe('Peak learning rate.'),
  cells: z.int().min(1).max(60).optional().describe('Cells, as in searchSpace.'),
  channels: z.int().min(1).max(1024).optional().describe('Channels, as in searchSpace.'),
  augmentation: Augmentation.optional().describe('Random changes of training pictures.'),
  regularisation: Regularisation.optional().describe('What keeps the network from fitting noise.'),
});
export type TrainingOverrides = z.infer<typeof TrainingOverrides>;

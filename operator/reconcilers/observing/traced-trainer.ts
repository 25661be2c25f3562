// Trainers that know where in the trace of their Trial they are, by the environment carrier of W3C Trace Context.
import { type Tracer, traceparentOf } from '../../runtime/index.ts';
import { attemptPlace, type TrainerDefaults } from '../trial/index.ts';

export const tracedTrainer = (trainer: TrainerDefaults, tracer: Tracer): TrainerDefaults => ({
  ...trainer,
  env: (trial, attempt, rank) => {
    const place = attemptPlace(trial.metadata.uid ?? '', attempt, tracer);
    return [
      ...trainer.env(trial, attempt, rank),
      { name: 'TRACEPARENT', value: traceparentOf(place) },
    ];
  },
});

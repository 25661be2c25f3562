// Door of the simulation.
export {
  type SimulatedEvent,
  type SimulatedNetwork,
  type Simulation,
  simulate,
} from './simulate.ts';

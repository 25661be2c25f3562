// The door of the trainer's way to NATS. Loaded only where BIONAS_BUS=nats: a trainer on a laptop starts without it.
export { natsBus, ReportNotTakenError } from './report-bus.ts';

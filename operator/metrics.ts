// Every metric of the operator: what its page says of each, and which label values there can be. The list of docs/observability.md,
// of alerts and dashboards; the page of a real operator is held against it.
import { TRIAL_REASONS } from '../crds/index.ts';
import { REFUSALS } from './adapters/nats/index.ts';
import type { MetricDescription } from './adapters/telemetry/index.ts';

const CONTROLLERS = ['search', 'trial'] as const;
const WATCHED = ['BioNASSearch', 'Trial', 'Pod'] as const;
const OUTCOMES = ['succeeded', 'failed'] as const;
const DEVICES = ['accelerator', 'cpu'] as const;

/** Names without their prefix. Of a label without values it is said in `help` what bounds them. */
export const METRICS: readonly MetricDescription[] = [
  {
    name: 'build_info',
    kind: 'gauge',
    help: 'Always 1; its label is the version of the operator.',
    labels: { version: undefined },
  },
  {
    name: 'controller_reconcile_seconds',
    kind: 'histogram',
    help: 'How long one reconcile of a controller took.',
    labels: { controller: CONTROLLERS },
  },
  {
    name: 'controller_reconciles_total',
    kind: 'counter',
    help: 'Reconciles by how they ended.',
    labels: {
      controller: CONTROLLERS,
      result: ['success', 'requeue_after', 'conflict', 'terminal_error', 'error'],
    },
  },
  {
    name: 'workqueue_depth',
    kind: 'gauge',
    help: 'Keys that wait for a worker.',
    labels: { queue: CONTROLLERS },
  },
  {
    name: 'workqueue_adds_total',
    kind: 'counter',
    help: 'Keys that came to need work.',
    labels: { queue: CONTROLLERS },
  },
  {
    name: 'workqueue_retries_total',
    kind: 'counter',
    help: 'Keys that came back because their reconcile failed.',
    labels: { queue: CONTROLLERS },
  },
  {
    name: 'workqueue_wait_seconds',
    kind: 'histogram',
    help: 'How long a key waited for a worker.',
    labels: { queue: CONTROLLERS },
  },
  {
    name: 'leader_election_leading',
    kind: 'gauge',
    help: 'Whether this process leads; of the one Lease there is.',
    labels: { lease: undefined },
  },
  {
    name: 'informer_objects',
    kind: 'gauge',
    help: 'Objects known of each watched kind.',
    labels: { kind: WATCHED },
  },
  {
    name: 'informer_restarts_total',
    kind: 'counter',
    help: 'Watches that were begun anew, by why the last one ended.',
    labels: { kind: WATCHED, reason: ['closed', 'gone', 'watch_failed', 'list_failed'] },
  },
  {
    name: 'kubernetes_requests_total',
    kind: 'counter',
    help: 'Requests to the API server by verb, kind and HTTP status.',
    labels: { verb: undefined, kind: undefined, code: undefined },
  },
  {
    name: 'kubernetes_request_seconds',
    kind: 'histogram',
    help: 'How long a request to the API server took; of a watch, how long it was open.',
    labels: { verb: undefined, kind: undefined },
  },
  {
    name: 'kubernetes_retries_total',
    kind: 'counter',
    help: 'Requests that were sent again, by the kind of failure.',
    labels: { verb: undefined, kind: undefined, reason: undefined },
  },
  {
    name: 'kubernetes_watches_ended_total',
    kind: 'counter',
    help: 'Watches that ended, by how.',
    labels: { kind: WATCHED, end: ['server', 'silent', 'gone', 'failure', 'stopped'] },
  },
  {
    name: 'bus_connected',
    kind: 'gauge',
    help: 'Whether the connection to NATS is up.',
  },
  {
    name: 'bus_interruptions_total',
    kind: 'counter',
    help: 'Times that reports could not be read from NATS.',
  },
  {
    name: 'bus_reports_waiting',
    kind: 'gauge',
    help: 'Results and failures in the stream that no operator has taken: the lag on NATS.',
  },
  {
    name: 'bus_reports_unacknowledged',
    kind: 'gauge',
    help: 'Results and failures that were taken and are not written to their Trial yet.',
  },
  {
    name: 'bus_oversized_total',
    kind: 'counter',
    help: 'Reports dropped because they were larger than any report.',
  },
  {
    name: 'bus_live_dropped_total',
    kind: 'counter',
    help: 'Progress dropped because it came faster than it was read.',
  },
  {
    name: 'bus_live_pauses_total',
    kind: 'counter',
    help: 'Times that progress was not listened to for a moment, as there was too much of it.',
  },
  {
    name: 'nats_auth_granted_total',
    kind: 'counter',
    help: 'Trainers that were let into NATS.',
  },
  {
    name: 'nats_auth_refused_total',
    kind: 'counter',
    help: 'Connections to NATS that were refused, by why.',
    labels: { reason: REFUSALS },
  },
  {
    name: 'nats_auth_seconds',
    kind: 'histogram',
    help: 'How long it took to say who a trainer is.',
  },
  {
    name: 'reports_total',
    kind: 'counter',
    help: 'Well-formed reports of trainers.',
    labels: { kind: ['progress', 'epoch', 'result', 'failure'] },
  },
  {
    name: 'reports_malformed_total',
    kind: 'counter',
    help: 'Reports dropped because they were no reports, or spoke for another trial.',
  },
  {
    name: 'ledger_conflicts_total',
    kind: 'counter',
    help: 'Appends to a ledger that met a record of somebody else.',
  },
  {
    name: 'result_to_next_trial_seconds',
    kind: 'histogram',
    help: 'From the arrival of the report that ended a trial to the next Trial in its place.',
  },
  {
    name: 'searches',
    kind: 'gauge',
    help: 'Searches by phase.',
    labels: {
      phase: ['Pending', 'Searching', 'Suspended', 'Finalizing', 'Completed', 'Failed'],
    },
  },
  {
    name: 'searches_idle',
    kind: 'gauge',
    help: 'Searches that are under way and of which no Pod runs.',
  },
  {
    name: 'trials',
    kind: 'gauge',
    help: 'Trial objects by what they do and why; those past history.keep are deleted.',
    labels: {
      state: ['Waiting', 'Running', 'Paused', 'Succeeded', 'Failed'],
      reason: [...TRIAL_REASONS, 'Other'],
    },
  },
  {
    name: 'trials_longest_wait_seconds',
    kind: 'gauge',
    help: 'How long the trial that has waited longest has waited for its Pod to run.',
  },
  {
    name: 'trials_ended_total',
    kind: 'counter',
    help: 'Trials that ended, by how.',
    labels: { outcome: OUTCOMES, reason: TRIAL_REASONS },
  },
  {
    name: 'trial_retries_total',
    kind: 'counter',
    help: 'Pods that took the place of one before, by cause; fault "trial" spends a retry.',
    labels: { cause: TRIAL_REASONS, fault: ['trial', 'none'] },
  },
  {
    name: 'device_seconds_total',
    kind: 'counter',
    help: 'Running time of Pods that ended, times their devices; a Pod without accelerators holds one CPU.',
    labels: { device: DEVICES },
  },
  {
    name: 'devices_held',
    kind: 'gauge',
    help: 'Devices of Pods that have a node and have not ended.',
    labels: { device: DEVICES },
  },
  {
    name: 'devices_training',
    kind: 'gauge',
    help: 'Devices of those Pods whose trainer runs and was heard within the last minute.',
    labels: { device: DEVICES },
  },
  {
    name: 'traces_dropped_total',
    kind: 'counter',
    help: 'Spans that could not be exported.',
  },
];

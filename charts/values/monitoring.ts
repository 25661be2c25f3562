// What a user may say of monitoring and of who may talk to whom.
import { z } from 'zod';
import { Duration } from '../../crds/index.ts';
import { Labels, Whole } from './kubernetes.ts';

const switched = (what: string, more: Record<string, z.ZodType> = {}) =>
  z
    .strictObject({
      enabled: z.boolean().default(false).describe('Whether there is one.'),
      labels: Labels.default({}).describe('Labels by which it is found.'),
      ...more,
    })
    .prefault({})
    .describe(what);

const scraped = { interval: Duration.default('30s').describe('How often it is scraped.') };

export const Monitoring = z
  .strictObject({
    podMonitor: switched("PodMonitor of the Prometheus operator, of the operator's Pods.", scraped),
    serviceMonitor: switched('ServiceMonitor, where the other is not wanted.', scraped),
    prometheusRule: switched('PrometheusRule with the alerts.'),
    dashboard: z
      .strictObject({
        enabled: z.boolean().default(false).describe('Whether there are any.'),
        labels: Labels.default({ grafana_dashboard: '1' }).describe('By which Grafana finds them.'),
        annotations: Labels.default({}).describe('Such as the folder in Grafana.'),
      })
      .prefault({})
      .describe("Grafana's dashboards, as ConfigMaps."),
  })
  .prefault({})
  .describe('Prometheus and Grafana.');

export const NetworkPolicy = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether there are any.'),
    dnsPeers: z
      .array(Whole)
      .default([
        { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } },
      ])
      .describe('Who answers DNS.'),
    natsPeers: z
      .array(Whole)
      .default([])
      .describe('Where an external NATS is. Empty: anywhere, by its ports alone.'),
    metricsPeers: z
      .array(Whole)
      .default([])
      .describe("Who may read metrics and health of the operator's Pods. Empty: everybody."),
    operatorEgress: z
      .array(Whole)
      .default([])
      .describe('Egress rules of the operator beside NATS, DNS and the API server: traces, say.'),
    dashboardPeers: z
      .array(Whole)
      .default([])
      .describe('Who may reach the dashboard, such as an ingress controller. Empty: everybody.'),
    trainerEgress: z
      .array(Whole)
      .default([])
      .describe('Egress rules of trainers beside NATS and DNS: data sets, object store, traces.'),
  })
  .prefault({})
  .describe('NetworkPolicies: trainers reach NATS and DNS, and nothing else.');

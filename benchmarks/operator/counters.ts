// What the operator has counted itself, from its page for Prometheus.
import { round } from './statistics.ts';

const COUNTERS = ['controller_reconciles_total', 'kubernetes_requests_total'] as const;

/** Reconciles and requests a trial, by their labels: `search success`, `create Trial 201`. */
export async function countsPerTrial(
  healthUrl: string,
  trials: number,
): Promise<Record<string, Record<string, number>>> {
  const page = await (await fetch(`${healthUrl}/metrics`)).text();
  const counts = COUNTERS.map((counter) => {
    const lines = page.matchAll(new RegExp(`^bionas_${counter}{(.*)} (\\S+)`, 'gm'));
    const entries = [...lines].map(([, labels = '', value]) => {
      const name = [...labels.matchAll(/="([^"]*)"/g)].map(([, label]) => label).join(' ');
      return [name, round(Number(value) / trials, 2)] as const;
    });
    return [counter, Object.fromEntries(entries.filter(([, count]) => count > 0))] as const;
  });
  return Object.fromEntries(counts);
}

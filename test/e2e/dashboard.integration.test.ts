// `bionas run --dashboard` of a real search: what its listeners are told while it runs, and what the dashboard shows afterwards, is
// what result.json says in the end.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { localPlace } from '../../cli/place/index.ts';
import type { ResultTrial } from '../../cli/result/index.ts';
import type { SearchChange, TrialRow, TrialTable } from '../../dashboard/api.ts';
import { events, serveDashboard } from '../builders/dashboard.ts';
import { realPictures } from '../builders/real-pictures.ts';
import { tensorFlow } from '../builders/tensorflow.ts';
import { verbIo } from '../builders/verbs.ts';
import { eventually } from '../operator/runtime/eventually.ts';
import { LocalRun } from './local-run.ts';

const canRun =
  process.platform === 'linux' && tensorFlow !== undefined && realPictures !== undefined;
const CHECKPOINT = 'checkpoint.safetensors';
const RUN = '/api/searches/default/run';
const PATIENCE_MS = 60_000;

/** What the row of a trial must say. */
const told = ({ name, index, purpose, state, objectives, metrics, cost, epochs }: ResultTrial) => ({
  name,
  index,
  final: purpose === 'Final' ? true : undefined,
  state,
  objectives,
  accuracy: metrics?.accuracy,
  testAccuracy: metrics?.testAccuracy,
  parameters: metrics?.parameters,
  deviceSeconds: cost.deviceSeconds,
  epochs: epochs.at(-1)?.epoch,
  curve: epochs.flatMap(({ validationAccuracy: at }) =>
    at === undefined ? [] : Math.round(at * 1e5) / 1e5,
  ),
});

test.skipIf(!canRun)('the page is told what the run comes to', async () => {
  const local = await LocalRun.make();
  const run = await local.start({ budget: { trials: 2 } }, '--dashboard-port', '0');
  const url = await eventually(async () => {
    const found = /dashboard: (http:\/\/\S+?)\/?\s/.exec(run.output)?.[1];
    if (found === undefined) throw new Error(`expected its address: ${run.output}`);
    return found;
  }, PATIENCE_MS);
  const table: TrialTable = await eventually(async () => {
    const response = await fetch(`${url}${RUN}/trials`);
    expect(response.status).toBe(200);
    return response.json() as Promise<TrialTable>;
  }, PATIENCE_MS);
  const rows = new Map(table.trials.map((row): [string, TrialRow] => [row.name, row]));
  let last: SearchChange | undefined;
  // The stream ends with the run.
  const { signal } = new AbortController();
  for await (const { event, data } of events(`${url}${RUN}/events?after=${table.version}`, {
    signal,
  })) {
    expect(event).toBe('change');
    last = data;
    for (const row of data.trials) rows.set(row.name, row);
  }
  expect(await run.ended, run.output).toBe(0);
  const result = await local.result();
  expect(last?.search).toMatchObject({ phase: 'Completed', trials: { succeeded: 2, running: 0 } });
  expect(last?.search.best).toEqual([result.best[0]?.score]);
  const seen = [...rows.values()].toSorted((a, b) => a.index - b.index);
  expect(seen).toMatchObject(result.trials.map(told).map((row) => JSON.parse(JSON.stringify(row))));
  expect(seen).toHaveLength(3);

  const io = { ...verbIo(local.directory, { out: [], err: [] }) };
  const searches = async () => [await localPlace(io).open(join(local.directory, 'run'))];
  const { get } = await serveDashboard(local.directory, { place: { kind: 'local', searches } });
  const { json: after } = await get(`${RUN}/trials`);
  expect(after.trials).toEqual(seen);
  for (const trial of result.trials) {
    const { json } = await get(`${RUN}/trials/${trial.name}`);
    expect(json.trial).toEqual(JSON.parse(JSON.stringify(trial)));
    expect(json.attempts).toMatchObject([{ attempt: 0, hasLog: true }]);
    const names = json.files.map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(['model.onnx', 'genotype.json', CHECKPOINT]));
    const { status, text } = await get(`${RUN}/trials/${trial.name}/log?attempt=0`);
    expect([status, text.length > 0]).toEqual([200, true]);
  }
  const { json: view } = await get(RUN);
  expect(view.comparisons).toEqual(result.comparisons);
  expect(view.object.spec).toEqual(JSON.parse(JSON.stringify(result.spec)));
});

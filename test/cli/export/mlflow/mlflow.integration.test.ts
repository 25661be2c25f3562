// A search as an experiment of a real MLflow server: runs with what was measured, none made twice, a half one filled up.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addExportCommand } from '../../../../cli/export/index.ts';
import { MlflowClient, sendSearch } from '../../../../cli/export/mlflow/index.ts';
import { finishedTrial } from '../../../../cli/result/index.ts';
import { type MlflowServer, startMlflow } from '../../../builders/mlflow-server.ts';
import { leaveNight } from '../../../builders/night-run.ts';
import { venvPython } from '../../../builders/python-venv.ts';
import { makeRecord } from '../../../builders/search-result.ts';
import { verb } from '../../../builders/verbs.ts';

const python = venvPython('mlflow');
let server: MlflowServer | undefined;
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bionas-mlflow-'));
  server = python === undefined ? undefined : await startMlflow(python, folder);
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

interface Told {
  readonly info: {
    run_name: string;
    status: string;
    start_time: number;
    end_time: number;
    run_id: string;
    artifact_uri: string;
  };
  readonly data: {
    params: Pair[];
    tags: Pair[];
    metrics: { key: string; value: number; step: number }[];
  };
}
type Pair = { key: string; value: string };

const call = async <T>(path: string, body?: unknown): Promise<T> => {
  const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${server?.url}/api/2.0/${path}`, { headers, ...sent });
  return (await answer.json()) as T;
};

async function runsOf(experiment: string): Promise<Told[]> {
  const found = await call<{ experiment: { experiment_id: string } }>(
    `mlflow/experiments/get-by-name?experiment_name=${experiment}`,
  );
  const asked = { experiment_ids: [found.experiment.experiment_id], max_results: 100 };
  const { runs } = await call<{ runs: Told[] }>('mlflow/runs/search', asked);
  return runs.toSorted((a, b) => a.info.run_name.localeCompare(b.info.run_name));
}

const curve = async (run: Told | undefined, key: string) => {
  const query = `run_id=${run?.info.run_id}&metric_key=${encodeURIComponent(key)}`;
  const { metrics } = await call<{ metrics: { step: number; value: number }[] }>(
    `mlflow/metrics/get-history?${query}`,
  );
  return metrics.map(({ step, value }) => [step, value]);
};

const pairOf = (pairs: readonly Pair[] | undefined, name: string) =>
  pairs?.find(({ key }) => key === name)?.value;

test.skipIf(python === undefined)('a run a trial that has ended, and none twice', async () => {
  const night = await leaveNight();
  const final = join(night, 'runs/night/trials/night-final-0');
  await mkdir(final, { recursive: true });
  await writeFile(join(final, 'model.onnx'), 'an ONNX model');
  const args = ['export', 'mlflow', 'night', '--url', server?.url ?? ''];
  const first = await verb(addExportCommand, night, args);
  expect(first.err).toEqual([
    `5 runs and 1 files sent to experiment night at ${server?.url}; 0 runs were there`,
  ]);
  const again = await verb(addExportCommand, night, args);
  expect(again.err).toEqual([
    `0 runs and 0 files sent to experiment night at ${server?.url}; 5 runs were there`,
  ]);

  const runs = await runsOf('night');
  expect(runs.map(({ info }) => [info.run_name, info.status])).toEqual([
    ['night-0000', 'FINISHED'],
    ['night-0001', 'FINISHED'],
    ['night-0002', 'FINISHED'],
    ['night-0003', 'FAILED'],
    ['night-final-0', 'FINISHED'],
  ]);
  const [trial, , , failed, winner] = runs;
  expect(trial?.info.start_time).toBe(Date.parse('2026-01-01T00:00:00Z'));
  expect(trial?.info.end_time).toBe(Date.parse('2026-01-01T00:01:00Z'));
  expect(pairOf(trial?.data.params, 'seed')).toBe('0');
  expect(pairOf(trial?.data.params, 'rest rule')).toBe('BP');
  expect(pairOf(trial?.data.tags, 'bionas.search')).toBe('search-uid');
  expect(pairOf(failed?.data.tags, 'bionas.reason')).toBe('TrainerFailed');
  expect(await curve(trial, 'validation/accuracy')).toEqual([
    [1, expect.closeTo(0.7)],
    [2, expect.closeTo(0.7)],
  ]);
  expect(await curve(winner, 'trial/testAccuracy')).toEqual([[2, 0.9066]]);
  const path = `mlflow-artifacts/artifacts/${winner?.info.artifact_uri.replace('mlflow-artifacts:/', '')}/model.onnx`;
  const file = await fetch(`${server?.url}/api/2.0/${path}`);
  expect(await file.text()).toBe('an ONNX model');
});

test.skipIf(python === undefined)(
  'a run that was cut off is filled up, not made anew',
  async () => {
    const trials = [0, 1].map((index) => finishedTrial(makeRecord(index), { directory: '' }));
    const search = {
      uid: 'cut-uid',
      name: 'cut',
      trials,
      takesFiles: () => true,
      fileOf: async (): Promise<Uint8Array | undefined> => undefined,
    };
    const { signal } = new AbortController();
    const client = new MlflowClient({ url: server?.url ?? '', authorization: undefined, signal });
    const lost = new Error('the line is cut');
    const cut = sendSearch({ ...search, fileOf: () => Promise.reject(lost) }, 'cut', client);
    await expect(cut).rejects.toThrow(lost);
    expect((await runsOf('cut')).map(({ info }) => info.status)).toEqual(['RUNNING']);

    expect(await sendSearch(search, 'cut', client)).toEqual({ sent: 2, known: 0, files: 0 });
    const runs = await runsOf('cut');
    expect(runs.map(({ info }) => [info.run_name, info.status])).toEqual([
      ['night-0000', 'FINISHED'],
      ['night-0001', 'FINISHED'],
    ]);
    expect((await curve(runs[0], 'train/loss')).map(([step]) => step)).toEqual([1, 2]);
  },
);

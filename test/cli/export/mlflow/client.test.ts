// What is said where MLflow does not answer as it should.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { addExportCommand } from '../../../../cli/export/index.ts';
import { MlflowClient } from '../../../../cli/export/mlflow/index.ts';
import { leaveNight } from '../../../builders/night-run.ts';
import { verb } from '../../../builders/verbs.ts';

async function answering(status: number, body: string) {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.headers.authorization);
    response.writeHead(status).end(body);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return { url: `http://127.0.0.1:${port}`, asked };
}

const exported = async (args: readonly string[], env: Record<string, string> = {}) =>
  verb(addExportCommand, await leaveNight(), ['export', 'mlflow', 'night', ...args], { env });

test.each<[string, number, string, RegExp]>([
  ['nobody is let in', 401, '', /not let in \(401\); set \$MLFLOW_TRACKING_USERNAME/],
  [
    'the server has a trouble of its own',
    500,
    '{"error_code": "INTERNAL_ERROR", "message": "no space"}',
    /mlflow\/experiments\/get-by-name was answered by 500 INTERNAL_ERROR: no space; the same command/,
  ],
  ['it is no MLflow', 200, '<html>', /was answered by 200 <html>/],
  [
    'the experiment was deleted',
    200,
    '{"experiment": {"experiment_id": "1", "lifecycle_stage": "deleted"}}',
    /experiment night was deleted: restore it there, or take another name/,
  ],
])('where %s, that is said', async (_, status, body, why) => {
  const { url } = await answering(status, body);
  await expect(exported(['--url', url])).rejects.toThrow(why);
});

test('where nobody answers, or nobody has said where, that is said', async () => {
  await expect(exported(['--url', 'http://127.0.0.1:1'])).rejects.toThrow(
    'http://127.0.0.1:1: expected an MLflow server, found none that answers; look at --url',
  );
  await expect(exported([])).rejects.toThrow('expected --url or $MLFLOW_TRACKING_URI');
});

test.each([
  [{ MLFLOW_TRACKING_TOKEN: 'secret' }, 'Bearer secret'],
  [{ MLFLOW_TRACKING_USERNAME: 'ada', MLFLOW_TRACKING_PASSWORD: 'pw' }, 'Basic YWRhOnB3'],
  [{}, undefined],
])('%o is sent as it is asked for', async (env, header) => {
  const { url, asked } = await answering(500, '');
  await expect(exported([], { ...env, MLFLOW_TRACKING_URI: url })).rejects.toThrow('500');
  expect(asked).toEqual([header]);
});

/** A server that takes its time to answer, and its client of little patience. */
async function slowly(ms: number) {
  const asked: { length: string | undefined; body: Buffer }[] = [];
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    asked.push({ length: request.headers['content-length'], body: Buffer.concat(pieces) });
    await delay(ms);
    response.end('{}');
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const { signal } = new AbortController();
  const client = new MlflowClient({ url, authorization: undefined, signal, patienceMs: 100 });
  return { url, asked, client };
}

test('a server that does not answer in time is not said to be none', async () => {
  const { url, client } = await slowly(400);
  await expect(client.experiment('night')).rejects.toThrow(
    `${url}: mlflow/experiments/get-by-name was not answered within 0.1 s; the same command goes on`,
  );
});

test('a large file has the time that it takes to be sent, and arrives whole', async () => {
  const { asked, client } = await slowly(400);
  const info = { run_id: 'a', status: 'RUNNING', artifact_uri: 'mlflow-artifacts:/1/a/artifacts' };
  const model = Buffer.alloc(500_001, 'a model');
  await client.putFile({ info, data: { tags: [] } }, 'model.onnx', model);
  expect(asked).toEqual([{ length: '500001', body: model }]);
});

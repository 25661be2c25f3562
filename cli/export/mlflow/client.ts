// MLflow's REST API 2.0, as far as an export needs it: https://mlflow.org/docs/latest/rest-api.html
import { z } from 'zod';

/** MLflow refuses, or is out of reach. */
export class MlflowError extends Error {
  override readonly name = 'MlflowError';
  /** MLflow's own word for it. */
  readonly code: string | undefined;

  constructor(
    message: string,
    options: ErrorOptions & { readonly code?: string | undefined } = {},
  ) {
    super(message, options);
    this.code = options.code;
  }
}

export interface MlflowPlace {
  readonly url: string;
  /** Of the Authorization header. */
  readonly authorization: string | undefined;
  readonly signal: AbortSignal;
  /** For an answer, beside the time that a file takes to be sent. */
  readonly patienceMs?: number;
}

export interface Metric {
  readonly key: string;
  readonly value: number;
  /** ms since 1970 */
  readonly timestamp: number;
  readonly step: number;
}

export interface Pair {
  readonly key: string;
  readonly value: string;
}

const Info = z.object({ run_id: z.string(), status: z.string(), artifact_uri: z.string() });
const Run = z.object({
  info: Info,
  data: z.object({ tags: z.array(z.object({ key: z.string(), value: z.string() })).default([]) }),
});
export type Run = z.infer<typeof Run>;
const Experiment = z.object({ experiment_id: z.string(), lifecycle_stage: z.string() });

/** A request that takes longer is given up. */
const PATIENCE_MS = 60_000;
/** Bytes a millisecond of a file that is sent, at least. */
const SLOWEST = 50;
/** Bytes that are written at once: fetch gives up a write that takes 300 s, whatever its signal. */
const PIECE = 65_536;
/** MLflow's limits of one log-batch. */
const [METRICS, PARAMS] = [900, 90];

export class MlflowClient {
  readonly #place: MlflowPlace;

  constructor(place: MlflowPlace) {
    this.#place = place;
  }

  /** Its id; made where there is none. @throws MlflowError */
  async experiment(name: string): Promise<string> {
    const query = new URLSearchParams({ experiment_name: name });
    const get = this.#call('GET', `experiments/get-by-name?${query}`);
    const found = await get.catch((error: unknown) => {
      if (error instanceof MlflowError && error.code === 'RESOURCE_DOES_NOT_EXIST')
        return undefined;
      throw error;
    });
    if (found === undefined) {
      const made = await this.#call('POST', 'experiments/create', { name });
      return z.object({ experiment_id: z.string() }).parse(made).experiment_id;
    }
    const { experiment } = z.object({ experiment: Experiment }).parse(found);
    if (experiment.lifecycle_stage === 'active') return experiment.experiment_id;
    throw new MlflowError(
      `${this.#place.url}: experiment ${name} was deleted: restore it there, or take another name by --experiment`,
    );
  }

  /** Those that are not deleted. */
  async *runs(experiment: string, filter: string): AsyncGenerator<Run> {
    let token: string | undefined;
    do {
      const asked = { experiment_ids: [experiment], filter, max_results: 1000, page_token: token };
      const page = z
        .object({ runs: z.array(Run).default([]), next_page_token: z.string().optional() })
        .parse(await this.#call('POST', 'runs/search', asked));
      yield* page.runs;
      token = page.next_page_token;
    } while (token);
  }

  async createRun(run: {
    experiment: string;
    name: string;
    start: number;
    tags: readonly Pair[];
  }): Promise<Run> {
    const { experiment: experiment_id, name: run_name, start: start_time, tags } = run;
    const body = { experiment_id, run_name, start_time, tags };
    return z.object({ run: Run }).parse(await this.#call('POST', 'runs/create', body)).run;
  }

  /** The same again changes nothing. */
  async log(run: string, metrics: readonly Metric[], params: readonly Pair[]): Promise<void> {
    for (let i = 0; i < params.length; i += PARAMS)
      await this.#call('POST', 'runs/log-batch', {
        run_id: run,
        params: params.slice(i, i + PARAMS),
      });
    for (let i = 0; i < metrics.length; i += METRICS)
      await this.#call('POST', 'runs/log-batch', {
        run_id: run,
        metrics: metrics.slice(i, i + METRICS),
      });
  }

  async endRun(run: string, status: 'FINISHED' | 'FAILED', end: number): Promise<void> {
    await this.#call('POST', 'runs/update', { run_id: run, status, end_time: end });
  }

  /** Whether the server takes files itself; others lie where only its clients reach. */
  takesFiles({ info }: Run): boolean {
    return info.artifact_uri.startsWith('mlflow-artifacts:');
  }

  async putFile({ info }: Run, name: string, bytes: Uint8Array): Promise<void> {
    const folder = info.artifact_uri.replace(/^mlflow-artifacts:(\/\/[^/]*)?\/?/, '');
    const path = `mlflow-artifacts/artifacts/${folder}/${name}`;
    await this.#send('PUT', path, {
      type: 'application/octet-stream',
      body: inPieces(bytes),
      bytes: bytes.length,
    });
  }

  async #call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
    const content = body === undefined ? undefined : JSON.stringify(body);
    const sent = { type: 'application/json', ...(content === undefined ? {} : { body: content }) };
    return this.#send(method, `mlflow/${path}`, sent);
  }

  async #send(method: string, path: string, { type, body, bytes }: Content): Promise<unknown> {
    const { url, authorization, signal, patienceMs = PATIENCE_MS } = this.#place;
    const headers = {
      'content-type': type,
      ...(authorization ? { authorization } : {}),
      ...(bytes === undefined ? {} : { 'content-length': `${bytes}` }),
    };
    const address = `${url.replace(/\/+$/, '')}/api/2.0/${path}`;
    const deadlineMs = Math.ceil(patienceMs + (bytes ?? 0) / SLOWEST);
    const late = AbortSignal.timeout(deadlineMs);
    const content = body === undefined ? {} : { body, duplex: 'half' as const };
    const sent = { method, headers, signal: AbortSignal.any([signal, late]), ...content };
    try {
      const response = await fetch(address, sent);
      return answerOf({ url, path, status: response.status, text: await response.text() });
    } catch (cause) {
      if (signal.aborted || cause instanceof MlflowError) throw cause;
      const got = late.aborted
        ? `${withoutQuery(path)} was not answered within ${deadlineMs / 1_000} s; ${GOES_ON}`
        : 'expected an MLflow server, found none that answers; look at --url, or $MLFLOW_TRACKING_URI';
      throw new MlflowError(`${url}: ${got}`, { cause });
    }
  }
}

interface Content {
  readonly type: string;
  readonly body?: string | ReadableStream<Uint8Array>;
  /** Of a stream. */
  readonly bytes?: number;
}

function inPieces(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at < bytes.length) controller.enqueue(bytes.subarray(at, at + PIECE));
      else controller.close();
      at += PIECE;
    },
  });
}

const GOES_ON = 'the same command goes on where this one stopped';
const withoutQuery = (path: string): string => path.replace(/\?.*/, '');

interface Answer {
  readonly url: string;
  readonly path: string;
  readonly status: number;
  readonly text: string;
}

const Problem = z.object({ error_code: z.string(), message: z.string() });

function answerOf({ url, path, status, text }: Answer): unknown {
  const json = jsonOf(text);
  if (status < 300 && json !== undefined) return json;
  if (status === 401 || status === 403)
    throw new MlflowError(
      `${url}: not let in (${status}); set $MLFLOW_TRACKING_USERNAME and $MLFLOW_TRACKING_PASSWORD, or $MLFLOW_TRACKING_TOKEN`,
    );
  const { data } = Problem.safeParse(json);
  const said = data === undefined ? text.slice(0, 200) : `${data.error_code}: ${data.message}`;
  throw new MlflowError(
    `${url}: ${withoutQuery(path)} was answered by ${status} ${said}; ${GOES_ON}`,
    { code: data?.error_code },
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text || '{}');
  } catch {
    return undefined;
  }
}

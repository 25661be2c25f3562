// The server's answers, as JSON, or as an error that says what it says.
import type {
  Importance,
  Problem,
  SearchEdit,
  SearchList,
  SearchView,
  TrialTable,
  TrialView,
} from '../api.ts';
import type { SearchKey } from '../route/index.ts';

export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly status: number;

  constructor(message: string, status: number, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** Relative to the page, wherever that is served. */
export const pathOf = (...parts: readonly string[]): string =>
  ['api/searches', ...parts.map(encodeURIComponent)].join('/');

export const searchPath = ({ namespace, name }: SearchKey, ...rest: readonly string[]): string =>
  pathOf(namespace, name, ...rest);

export const getSearches = (signal: AbortSignal): Promise<SearchList> => json(pathOf(), { signal });

export const getSearch = (key: SearchKey, signal: AbortSignal): Promise<SearchView> =>
  json(searchPath(key), { signal });

export const getImportance = (key: SearchKey, signal: AbortSignal): Promise<Importance | null> =>
  json(searchPath(key, 'importance'), { signal });

export const getTrials = (key: SearchKey, signal: AbortSignal): Promise<TrialTable> =>
  json(searchPath(key, 'trials'), { signal });

export const getTrial = (key: SearchKey, name: string, signal: AbortSignal): Promise<TrialView> =>
  json(searchPath(key, 'trials', name), { signal });

export const filePath = (key: SearchKey, trial: string, file: string): string =>
  searchPath(key, 'trials', trial, 'files', file);

interface LogWanted {
  readonly trial: string;
  readonly attempt: number;
  readonly worker: number;
  /** Bytes. */
  readonly tail: number;
}

/** The last bytes of what a worker of an attempt wrote. */
export async function getLog(
  key: SearchKey,
  { trial, ...wanted }: LogWanted,
  signal: AbortSignal,
): Promise<string> {
  const query = new URLSearchParams(
    Object.entries(wanted).map(([name, value]) => [name, String(value)]),
  );
  const answer = await answered(`${searchPath(key, 'trials', trial, 'log')}?${query}`, { signal });
  return answer.text();
}

/** `token`: by whose right. */
export const editSearch = (key: SearchKey, edit: SearchEdit, token: string): Promise<SearchView> =>
  json(searchPath(key), {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify(edit),
  });

async function json<T>(path: string, init: RequestInit): Promise<T> {
  const answer = await answered(path, init);
  return (await answer.json()) as T;
}

async function answered(path: string, init: RequestInit): Promise<Response> {
  const answer = await fetch(path, init).catch((cause: unknown) => {
    if (init.signal?.aborted) throw cause;
    throw new RequestError('The server does not answer: is it still running?', 0, { cause });
  });
  if (answer.ok) return answer;
  const problem = (await answer.json().catch(() => ({}))) as Partial<Problem>;
  throw new RequestError(problem.error ?? `${path}: ${answer.statusText}`, answer.status);
}

// A search that stays up to date: its trials, and the stream of changes from where they stand. The browser mends a broken stream
// by itself and says what it has had, so nothing is missed.
import type { Problem, SearchChange, SearchView } from '../api.ts';
import type { SearchKey } from '../route/index.ts';
import { getSearch, getTrials, searchPath } from './requests.ts';
import { changed, type Table, tableOf } from './table.ts';
import { problemOf } from './use-answer.ts';

export type Link = 'connecting' | 'live' | 'lost';

export interface LiveState {
  readonly view?: SearchView;
  readonly table?: Table;
  readonly link: Link;
  readonly problem?: string;
}

/** Rungs, importance and comparisons come with no change: they are asked for at most this often [ms]. */
const VIEW_EVERY = 5000;
/** Before a stream that the browser has given up is opened anew, and before what has failed is asked again [ms]. */
const AGAIN_AFTER = 3000;

export class LiveSearch {
  private state: LiveState = { link: 'connecting' };
  private readonly key: SearchKey;
  private readonly show: (state: LiveState) => void;
  private readonly leaving = new AbortController();
  private source: EventSource | undefined;
  private again: ReturnType<typeof setTimeout> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `show` is told every new state, until `close`. */
  constructor(key: SearchKey, show: (state: LiveState) => void) {
    this.key = key;
    this.show = show;
  }

  open(): void {
    void this.loadView();
    void this.loadTable();
  }

  close(): void {
    this.leaving.abort();
    this.source?.close();
    clearTimeout(this.timer);
    clearTimeout(this.again);
  }

  /** After an edit, whose answer is the search as it is now. */
  readonly replaceView = (view: SearchView): void => this.set({ view });

  private set(part: Partial<LiveState>): void {
    if (this.leaving.signal.aborted) return;
    this.state = { ...this.state, ...part };
    this.show(this.state);
  }

  /** What cannot be read may be mended, and what is not there may come. */
  private readonly fail = (cause: unknown): void => {
    if (this.leaving.signal.aborted) return;
    this.set({ problem: problemOf(cause) });
    this.again ??= setTimeout(() => {
      this.again = undefined;
      this.open();
    }, AGAIN_AFTER);
  };

  /** What comes anew ends what was wrong before. */
  private clearProblem(): void {
    const { problem: _, ...rest } = this.state;
    this.state = rest;
  }

  private loadView(): Promise<void> {
    return getSearch(this.key, this.leaving.signal).then((view) => {
      this.clearProblem();
      this.set({ view });
    }, this.fail);
  }

  private loadTable(): Promise<void> {
    return getTrials(this.key, this.leaving.signal).then((answer) => {
      this.set({ table: tableOf(answer) });
      this.listen(answer.version);
    }, this.fail);
  }

  private listen(after: number): void {
    this.source?.close();
    if (this.leaving.signal.aborted) return;
    const source = new EventSource(`${searchPath(this.key, 'events')}?after=${after}`);
    source.addEventListener('change', ({ data }) => this.take(JSON.parse(data) as SearchChange));
    source.addEventListener('problem', ({ data }) =>
      this.set({ problem: (JSON.parse(data) as Problem).error }),
    );
    source.addEventListener('open', () => this.set({ link: 'live' }));
    source.addEventListener('error', () => {
      this.set({ link: 'lost' });
      // The browser does not try again after an answer that is no stream.
      if (source.readyState === EventSource.CLOSED)
        setTimeout(() => this.listen(this.state.table?.version ?? after), AGAIN_AFTER);
    });
    this.source = source;
  }

  private take(change: SearchChange): void {
    const { table, view } = this.state;
    this.clearProblem();
    if (view !== undefined) this.set({ view: { ...view, ...change.search } });
    if (change.reset) void this.loadTable();
    else if (table !== undefined) this.set({ table: changed(table, change) });
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.loadView();
    }, VIEW_EVERY);
  }
}

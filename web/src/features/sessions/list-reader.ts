import {
  begin,
  extend,
  lowest,
  type Order,
  type Page,
  replace,
  type StillList,
  update,
} from './still-list.ts';

/** A paged list on the server. `S` is what else it says about the list, such as how long it is. */
export interface Source<T, S> {
  order: Order<T>;
  pageSize: number;
  load(first: number, after: T | null): Promise<Page<T> & { summary: S }>;
}

export interface ListState<T, S> {
  list: StillList<T> | null;
  summary: S | null;
  /** Why the last attempt failed. */
  error: unknown;
  isLoadingMore: boolean;
}

export interface ListReader<T, S> {
  getState(): ListState<T, S>;
  subscribe(listener: () => void): () => void;
  /** Loads the list anew, as much of it as is shown: what is over goes, and what has come is there. */
  reload(): Promise<void>;
  /** Brings what is shown up to date; every row stays in its place. */
  refresh(): Promise<void>;
  showMore(): Promise<void>;
  replace(item: T): void;
  /** Answers that are still under way count for nothing. */
  stop(): void;
}

/** What the server gives at once: 100, one of which tells whether there are more. */
const MOST = 99;

/** Reads a list for somebody who looks at it. Its questions go one after the other, so that no answer overtakes another. */
export function createListReader<T, S>({ order, pageSize, load }: Source<T, S>): ListReader<T, S> {
  let state: ListState<T, S> = { list: null, summary: null, error: undefined, isLoadingMore: false };
  const listeners = new Set<() => void>();
  let turn = Promise.resolve();
  let round = 0;
  let isRefreshWaiting = false;

  function change(part: Partial<ListState<T, S>>): void {
    state = { ...state, ...part };
    listeners.forEach((listener) => listener());
  }

  /** `work` answers with what is to be known afterwards. */
  function enqueue(work: () => Promise<Partial<ListState<T, S>>>): Promise<void> {
    const mine = round;
    turn = turn.then(async () => {
      if (mine !== round) return;
      const outcome = await work().catch((error: unknown) => ({ error }));
      if (mine === round) change({ error: undefined, isLoadingMore: false, ...outcome });
    });
    return turn;
  }

  /** The list from its top down to where the last shown row belongs; whoever is gone is nowhere to be found. */
  async function readAsFarAsShown(list: StillList<T>): Promise<Page<T> & { summary: S }> {
    const bottom = lowest(list, order);
    let answer = await load(MOST, null);
    const { summary } = answer;
    const items = [...answer.items];
    while (answer.hasMore && bottom !== null && order.compare(items.at(-1)!, bottom) < 0) {
      answer = await load(MOST, items.at(-1)!);
      items.push(...answer.items);
    }
    return { items, hasMore: answer.hasMore, summary };
  }

  function reload(): Promise<void> {
    round += 1;
    isRefreshWaiting = false;
    return enqueue(async () => {
      const shown = state.list?.rows.length ?? 0;
      const { summary, ...page } = await load(Math.min(MOST, Math.max(pageSize, shown)), null);
      return { list: begin(page), summary };
    });
  }

  return {
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    reload,

    refresh() {
      if (!state.list && state.error === undefined) return turn;
      if (!state.list) return reload();
      if (isRefreshWaiting) return turn;
      isRefreshWaiting = true;
      return enqueue(async () => {
        isRefreshWaiting = false;
        const { summary, ...answer } = await readAsFarAsShown(state.list!);
        return { list: update(state.list!, answer, order), summary };
      });
    },

    showMore() {
      if (!state.list?.hasMore || state.isLoadingMore) return turn;
      change({ isLoadingMore: true });
      return enqueue(async () => {
        const { summary, ...page } = await load(pageSize, lowest(state.list!, order));
        return { list: extend(state.list!, page, order), summary };
      });
    },

    replace(item) {
      if (state.list) change({ list: replace(state.list, item, order) });
    },

    stop() {
      round += 1;
    },
  };
}

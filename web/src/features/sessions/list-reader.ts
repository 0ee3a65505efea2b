import {
  append,
  lastInOrder,
  listOf,
  type Order,
  type ListPage,
  replace,
  type StableList,
  update,
} from './stable-list.ts';

/** A paged list on the server. `S` is a summary of the whole list, such as its length. */
export interface Source<T, S> {
  order: Order<T>;
  pageSize: number;
  load(first: number, after: T | null): Promise<ListPage<T> & { summary: S }>;
}

export interface ListState<T, S> {
  list: StableList<T> | null;
  summary: S | null;
  /** Why the last attempt failed. */
  error: unknown;
  isLoadingMore: boolean;
}

export interface ListReader<T, S> {
  getState(): ListState<T, S>;
  subscribe(listener: () => void): () => void;
  /** Reloads as many rows as are shown: drops those that are gone and includes new ones. */
  reload(): Promise<void>;
  /** Updates the shown rows without moving any. */
  refresh(): Promise<void>;
  showMore(): Promise<void>;
  replace(item: T): void;
  /** Ignores all responses that are still pending. */
  stop(): void;
}

/** The server returns at most 100 items; one of them only shows that there are more. */
const MAX_PAGE_SIZE = 99;

/** Reads a list page by page. Requests run one after the other, so that responses arrive in order. */
export function createListReader<T, S>({ order, pageSize, load }: Source<T, S>): ListReader<T, S> {
  let state: ListState<T, S> = { list: null, summary: null, error: undefined, isLoadingMore: false };
  const listeners = new Set<() => void>();
  let queue = Promise.resolve();
  let generation = 0;
  let isRefreshWaiting = false;

  function change(part: Partial<ListState<T, S>>): void {
    state = { ...state, ...part };
    listeners.forEach((listener) => listener());
  }

  /** Queues `work`, which resolves to the changed part of the state. */
  function enqueue(work: () => Promise<Partial<ListState<T, S>>>): Promise<void> {
    const own = generation;
    queue = queue.then(async () => {
      if (own !== generation) return;
      const outcome = await work().catch((error: unknown) => ({ error }));
      if (own === generation) change({ error: undefined, isLoadingMore: false, ...outcome });
    });
    return queue;
  }

  /** Loads the list from its top to the position of the last shown row. That row itself may be gone. */
  async function loadShownPart(list: StableList<T>): Promise<ListPage<T> & { summary: S }> {
    const bottom = lastInOrder(list, order);
    let page = await load(MAX_PAGE_SIZE, null);
    const { summary } = page;
    const items = [...page.items];
    while (page.hasMore && bottom !== null && order.compare(items.at(-1)!, bottom) < 0) {
      page = await load(MAX_PAGE_SIZE, items.at(-1)!);
      items.push(...page.items);
    }
    return { items, hasMore: page.hasMore, summary };
  }

  function reload(): Promise<void> {
    generation += 1;
    isRefreshWaiting = false;
    return enqueue(async () => {
      const shown = state.list?.rows.length ?? 0;
      const { summary, ...page } = await load(Math.min(MAX_PAGE_SIZE, Math.max(pageSize, shown)), null);
      return { list: listOf(page), summary };
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
      if (!state.list && state.error === undefined) return queue;
      if (!state.list) return reload();
      if (isRefreshWaiting) return queue;
      isRefreshWaiting = true;
      return enqueue(async () => {
        isRefreshWaiting = false;
        const { summary, ...page } = await loadShownPart(state.list!);
        return { list: update(state.list!, page, order), summary };
      });
    },

    showMore() {
      if (!state.list?.hasMore || state.isLoadingMore) return queue;
      change({ isLoadingMore: true });
      return enqueue(async () => {
        const { summary, ...page } = await load(pageSize, lastInOrder(state.list!, order));
        return { list: append(state.list!, page, order), summary };
      });
    },

    replace(item) {
      if (state.list) change({ list: replace(state.list, item, order) });
    },

    stop() {
      generation += 1;
    },
  };
}

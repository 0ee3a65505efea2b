/** A row keeps its place until the list is reloaded, even after its item has left the server's list. */
export interface Row<T> {
  item: T;
  isGone: boolean;
}

/** A list that other people change while it is read: no row moves until the reader asks for it. */
export interface StableList<T> {
  rows: readonly Row<T>[];
  /** Number of items that were added on the server within the shown part. They wait until the reader asks for them. */
  newItems: number;
  hasMore: boolean;
}

/** The order of the list on the server. */
export interface Order<T> {
  idOf(item: T): string;
  /** Below 0 where `a` is listed before `b`. */
  compare(a: T, b: T): number;
}

export interface ListPage<T> {
  items: readonly T[];
  hasMore: boolean;
}

const toRow = <T>(item: T): Row<T> => ({ item, isGone: false });

export const listOf = <T>({ items, hasMore }: ListPage<T>): StableList<T> => ({
  rows: items.map(toRow),
  newItems: 0,
  hasMore,
});

/** Appends the next page, without items that moved there from further up and are shown already. */
export function append<T>(list: StableList<T>, page: ListPage<T>, { idOf }: Order<T>): StableList<T> {
  const shown = new Set(list.rows.map(({ item }) => idOf(item)));
  const added = page.items.filter((item) => !shown.has(idOf(item)));
  return { ...list, rows: [...list.rows, ...added.map(toRow)], hasMore: page.hasMore };
}

/**
 * Updates the shown rows in place. `page` is the server's list from its top, at least down to the position of the last
 * shown row.
 */
export function update<T>(list: StableList<T>, page: ListPage<T>, order: Order<T>): StableList<T> {
  const { idOf, compare } = order;
  const fresh = new Map(page.items.map((item) => [idOf(item), item]));
  const shown = new Set(list.rows.map(({ item }) => idOf(item)));
  const first = list.rows[0]?.item;
  const lastShown = page.items.findLastIndex((item) => shown.has(idOf(item)));

  // In a list shown to its end every unknown item is new; otherwise an item below the shown part belongs to the next page.
  const isNew = (item: T, index: number): boolean =>
    !list.hasMore || index < lastShown || first === undefined || compare(item, first) < 0;
  const others = page.items
    .map((item, index) => ({ item, index }))
    .filter(({ item }) => !shown.has(idOf(item)));
  const newItems = others.filter(({ item, index }) => isNew(item, index)).length;

  return {
    rows: list.rows.map(({ item }) => {
      const known = fresh.get(idOf(item));
      return known === undefined ? { item, isGone: true } : toRow(known);
    }),
    newItems,
    hasMore: list.hasMore && (page.hasMore || others.length > newItems),
  };
}

export const replace = <T>(list: StableList<T>, item: T, { idOf }: Order<T>): StableList<T> => ({
  ...list,
  rows: list.rows.map((row) => (idOf(row.item) === idOf(item) ? { ...row, item } : row)),
});

/** The shown item that is last in the server's order. The next page starts after it. */
export function lastInOrder<T>({ rows }: StableList<T>, { compare }: Order<T>): T | null {
  return rows.reduce<T | null>(
    (last, { item }) => (last === null || compare(item, last) > 0 ? item : last),
    null,
  );
}

/** A row keeps its place until the list is loaded anew, also when what it shows is no longer in the server's list. */
export interface Row<T> {
  item: T;
  isGone: boolean;
}

/** A list that others change while somebody reads it and aims at its buttons: nothing in it moves by itself. */
export interface StillList<T> {
  rows: readonly Row<T>[];
  /** How many have come to the server's list, in the part of it that is shown. They wait to be asked for. */
  arrivals: number;
  hasMore: boolean;
}

/** How the server orders the list. */
export interface Order<T> {
  idOf(item: T): string;
  /** Below 0 where `a` is listed before `b`. */
  compare(a: T, b: T): number;
}

export interface Page<T> {
  items: readonly T[];
  hasMore: boolean;
}

const toRow = <T>(item: T): Row<T> => ({ item, isGone: false });

export const begin = <T>({ items, hasMore }: Page<T>): StillList<T> => ({
  rows: items.map(toRow),
  arrivals: 0,
  hasMore,
});

/** Adds the next page below. Whoever has moved there from further up is shown already. */
export function extend<T>(list: StillList<T>, page: Page<T>, { idOf }: Order<T>): StillList<T> {
  const shown = new Set(list.rows.map(({ item }) => idOf(item)));
  const added = page.items.filter((item) => !shown.has(idOf(item)));
  return { ...list, rows: [...list.rows, ...added.map(toRow)], hasMore: page.hasMore };
}

/**
 * Brings the shown rows up to date. `answer` is the server's list from its top, at least down to where the last shown
 * row belongs.
 */
export function update<T>(list: StillList<T>, answer: Page<T>, order: Order<T>): StillList<T> {
  const { idOf, compare } = order;
  const fresh = new Map(answer.items.map((item) => [idOf(item), item]));
  const shown = new Set(list.rows.map(({ item }) => idOf(item)));
  const first = list.rows[0]?.item;
  const lastShown = answer.items.findLastIndex((item) => shown.has(idOf(item)));

  // A list that was shown to its end has everybody else among its arrivals; a part of one only who came into it.
  const isArrival = (item: T, index: number): boolean =>
    !list.hasMore || index < lastShown || first === undefined || compare(item, first) < 0;
  const others = answer.items
    .map((item, index) => ({ item, index }))
    .filter(({ item }) => !shown.has(idOf(item)));
  const arrivals = others.filter(({ item, index }) => isArrival(item, index)).length;

  return {
    rows: list.rows.map(({ item }) => {
      const known = fresh.get(idOf(item));
      return known === undefined ? { item, isGone: true } : toRow(known);
    }),
    arrivals,
    hasMore: list.hasMore && (answer.hasMore || others.length > arrivals),
  };
}

/** One shown item has changed. */
export const replace = <T>(list: StillList<T>, item: T, { idOf }: Order<T>): StillList<T> => ({
  ...list,
  rows: list.rows.map((row) => (idOf(row.item) === idOf(item) ? { ...row, item } : row)),
});

/** The shown item that the server lists last: from there the next page goes on. */
export function lowest<T>({ rows }: StillList<T>, { compare }: Order<T>): T | null {
  return rows.reduce<T | null>(
    (low, { item }) => (low === null || compare(item, low) > 0 ? item : low),
    null,
  );
}

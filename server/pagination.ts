import { badInput } from './errors.ts';

/** A page begins after the row with this time and id, in the order of the list (both descending). */
export interface Cursor {
  at: Date;
  id: string;
}

export interface Slice {
  first: number;
  after: Cursor | null;
}

export interface Connection<T> {
  edges: { node: T; cursor: string }[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
  totalCount: number | (() => Promise<number>);
}

const MAX_PAGE_SIZE = 100;

/** `totalCount` is exact up to this number. Beyond it, it is a lower bound. */
export const MAX_EXACT_COUNT = 10_000;

/** @throws BAD_USER_INPUT unless 1 <= first <= 100 */
export function requirePageSize(first: number): number {
  if (first >= 1 && first <= MAX_PAGE_SIZE) return first;
  throw badInput('first', `first must be between 1 and ${MAX_PAGE_SIZE}.`, {
    reason: 'OUT_OF_BOUNDS',
    min: 1,
    max: MAX_PAGE_SIZE,
  });
}

/** @throws BAD_USER_INPUT for a page size out of range, or a cursor that no list returned */
export function toSlice(
  first: number,
  after: string | null | undefined,
  isId: (id: string) => boolean = () => true,
): Slice {
  return { first: requirePageSize(first), after: after == null ? null : decodeCursor(after, isId) };
}

export const encodeCursor = ({ at, id }: Cursor): string =>
  Buffer.from(`${at.getTime()}:${id}`).toString('base64url');

function decodeCursor(text: string, isId: (id: string) => boolean): Cursor {
  const match = /^(\d{1,14}):([^\0]{1,200})$/u.exec(Buffer.from(text, 'base64url').toString());
  const cursor = match && { at: new Date(Number(match[1])), id: match[2]! };
  if (!cursor || !isId(cursor.id) || encodeCursor(cursor) !== text) throw badCursor();
  return cursor;
}

export const badCursor = () =>
  badInput('after', 'after is not a cursor of this list.', { reason: 'MALFORMED' });

/** Builds a Relay connection from up to `first + 1` nodes: the extra one only shows that there is a next page. */
export function toConnection<T>(
  nodes: readonly T[],
  slice: Slice,
  cursorOf: (node: T) => Cursor,
  totalCount: Connection<T>['totalCount'],
): Connection<T> {
  return toConnectionOf(nodes, slice, (node) => encodeCursor(cursorOf(node)), totalCount);
}

/** The same for a list with cursors of its own. */
export function toConnectionOf<T>(
  nodes: readonly T[],
  { first, after }: { first: number; after: unknown },
  cursorOf: (node: T) => string,
  totalCount: Connection<T>['totalCount'],
): Connection<T> {
  const edges = nodes.slice(0, first).map((node) => ({ node, cursor: cursorOf(node) }));
  return {
    edges,
    pageInfo: {
      hasNextPage: nodes.length > first,
      hasPreviousPage: after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount,
  };
}

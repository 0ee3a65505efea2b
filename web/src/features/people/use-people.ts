import { useApolloClient } from '@apollo/client/react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { PeopleListDocument } from '../../generated/people-operations.ts';
import { useOnReturn } from '../../lib/use-on-return.ts';
import type { PeopleFilter } from './people-filter.ts';
import {
  hasOthers,
  markDeleted,
  refreshRows,
  replacePerson,
  toRow,
  type Person,
  type PersonRow,
} from './person-rows.ts';

const PAGE_SIZE = 50;

interface Reading {
  people: Person[];
  totalCount: number;
  endCursor: string | null;
  hasMore: boolean;
}

interface State {
  /** Null: not loaded yet. */
  rows: PersonRow[] | null;
  /** The people whom the filter finds: exact up to 10,000. */
  totalCount: number;
  endCursor: string | null;
  hasMore: boolean;
  /** There are people who are not shown, because rows keep their places. */
  hasChanged: boolean;
  /** The filter that the rows belong to. */
  filter: PeopleFilter | null;
  error: unknown;
}

const EMPTY: State = {
  rows: null,
  totalCount: 0,
  endCursor: null,
  hasMore: false,
  hasChanged: false,
  filter: null,
  error: undefined,
};

/**
 * Reads the people of the account page by page. While the page stays open its rows keep their places: a refresh shows what
 * has changed in them, and offers to read the list again when there are others.
 */
export function usePeople(filter: PeopleFilter) {
  const client = useApolloClient();
  const { search, status } = filter;
  const [state, setState] = useState(EMPTY);
  const [isLoadingMore, setLoadingMore] = useState(false);
  const latest = useRef(state);
  latest.current = state;
  /** An answer counts only if no newer question was asked since. */
  const question = useRef(0);

  const read = useCallback(
    async (after: string | null, atLeast: number): Promise<Reading> => {
      const people: Person[] = [];
      for (let cursor = after; ;) {
        const { data } = await client.query({
          query: PeopleListDocument,
          variables: { first: PAGE_SIZE, after: cursor, search, status },
          fetchPolicy: 'no-cache',
        });
        const { edges, totalCount, pageInfo } = data!.users;
        people.push(...edges.map(({ node }) => node));
        const { hasNextPage: hasMore, endCursor = null } = pageInfo;
        if (!hasMore || people.length >= atLeast) return { people, totalCount, endCursor, hasMore };
        cursor = endCursor;
      }
    },
    [client, search, status],
  );

  /** Asks, and takes the answer unless another question came after it. */
  const ask = useCallback(async (reading: Promise<Reading>, take: (reading: Reading) => State) => {
    const number = (question.current += 1);
    try {
      const answer = await reading;
      if (number === question.current) setState(take(answer));
    } catch (error) {
      if (number === question.current) setState((before) => ({ ...before, error }));
    }
  }, []);

  /** Reads the list again, from its start. */
  const reload = useCallback(
    (shown = 0) =>
      ask(read(null, shown), ({ people, ...reading }) => ({
        ...reading,
        rows: people.map(toRow),
        hasChanged: false,
        filter: { search, status },
        error: undefined,
      })),
    [ask, read, search, status],
  );

  useEffect(() => void reload(), [reload]);

  /** Brings the rows that are shown up to date. */
  const refresh = useCallback(async () => {
    const { rows, filter: shown } = latest.current;
    // The list of another filter is on its way.
    if (rows === null || shown?.search !== search || shown.status !== status) return reload();
    await ask(read(null, rows.length), ({ people, totalCount }) => {
      const before = latest.current;
      const known = before.rows ?? [];
      return {
        ...before,
        totalCount,
        rows: refreshRows(known, people),
        hasChanged: hasOthers(known, before.hasMore ? people.slice(0, known.length) : people),
        error: undefined,
      };
    });
  }, [ask, read, reload, search, status]);
  useOnReturn(() => void refresh());

  const change = (rowsOf: (rows: PersonRow[]) => PersonRow[]) =>
    setState((before) => ({ ...before, rows: before.rows && rowsOf(before.rows) }));

  return {
    ...state,
    /** The rows are those of the filter before. */
    isOutdated: state.filter !== null && (state.filter.search !== search || state.filter.status !== status),
    isLoadingMore,
    reload,
    refresh,
    async showMore() {
      const { rows, endCursor } = latest.current;
      if (isLoadingMore || rows === null) return;
      setLoadingMore(true);
      await ask(read(endCursor, 0), ({ people, ...reading }) => {
        const before = latest.current;
        const known = new Set(before.rows!.map(({ person }) => person.id));
        const added = people.filter(({ id }) => !known.has(id));
        return { ...before, ...reading, rows: [...before.rows!, ...added.map(toRow)], error: undefined };
      });
      setLoadingMore(false);
    },
    replace: (person: Person) => change((rows) => replacePerson(rows, person)),
    markDeleted: (id: string) => change((rows) => markDeleted(rows, id)),
  };
}

export type People = ReturnType<typeof usePeople>;

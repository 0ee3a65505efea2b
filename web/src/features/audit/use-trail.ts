import { useQuery } from '@apollo/client/react';
import { useState } from 'react';
import { AuditTrailDocument, type AuditTrailQuery } from '../../generated/audit-operations.ts';
import { POLL_WHILE_VISIBLE, useOnReturn } from '../../lib/use-on-return.ts';
import { type Filters, toVariables } from './filters.ts';

const PAGE_SIZE = 20;

type TrailPage = AuditTrailQuery['auditEvents'];

interface Shown {
  key: string;
  page: TrailPage;
}

/**
 * Reads the audit trail page by page. The first page is polled, but its rows stay as they are: new entries are counted
 * and shown when the reader asks for them.
 */
export function useTrail(filters: Filters) {
  const filterKey = JSON.stringify(filters);
  /** The end cursors of the earlier pages of one filter; the last one is where this page starts. */
  const [position, setPosition] = useState<{ filterKey: string; cursors: string[] }>({
    filterKey,
    cursors: [],
  });
  const cursors = position.filterKey === filterKey ? position.cursors : [];
  const setCursors = (next: string[]) => setPosition({ filterKey, cursors: next });
  const [shown, setShown] = useState<Shown | null>(null);
  const after = cursors.at(-1) ?? null;
  const isFirst = after === null;

  const query = useQuery(AuditTrailDocument, {
    variables: { first: PAGE_SIZE, after, ...toVariables(filters) },
    fetchPolicy: 'network-only',
    nextFetchPolicy: 'cache-first',
    ...(isFirst ? POLL_WHILE_VISIBLE : { pollInterval: 0 }),
  });
  useOnReturn(() => {
    if (isFirst) query.refetch().catch(() => {});
  });

  const key = `${filterKey} ${after}`;
  const latest = query.data?.auditEvents;
  // An empty page has no rows that could move, so it is replaced at once.
  if (latest && latest !== shown?.page && (shown?.key !== key || shown.page.edges.length === 0)) {
    setShown({ key, page: latest });
  }
  const isShown = shown?.key === key;
  const newEntries = isFirst && isShown && latest ? countNew(shown.page, latest) : 0;

  return {
    page: shown?.page,
    /** The page still shows the last filter or position while the next one loads. */
    isStale: shown !== null && !isShown,
    error: query.error,
    refetch: query.refetch,
    newEntries,
    /** The whole page is new, so there may be more new entries. */
    mayBeMore: newEntries === PAGE_SIZE,
    showNewEntries() {
      if (latest) setShown({ key, page: latest });
    },
    number: cursors.length + 1,
    newer: isFirst ? null : () => setCursors(cursors.slice(0, -1)),
    older:
      shown?.page.pageInfo.hasNextPage && isShown
        ? () => setCursors([...cursors, shown.page.pageInfo.endCursor!])
        : null,
  };
}

function countNew(shown: TrailPage, latest: TrailPage): number {
  const known = new Set(shown.edges.map(({ node }) => node.id));
  return latest.edges.filter(({ node }) => !known.has(node.id)).length;
}

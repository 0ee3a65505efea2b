import { useQuery } from '@apollo/client/react';
import { useState } from 'react';
import { AuditTrailDocument, type AuditTrailQuery } from '../../generated/operations.ts';
import { LIVE_ENOUGH, useOnReturn } from '../../lib/on-return.ts';

const PAGE_SIZE = 20;

type Page = AuditTrailQuery['auditEvents'];

interface Shown {
  of: string;
  page: Page;
}

/**
 * The trail, a page at a time. The first page is asked for again while it is looked at, yet stays as it is: what is
 * new is counted, and comes when it is asked for.
 */
export function useTrail() {
  const [action, setAction] = useState<string | null>(null);
  /** The cursors of the pages before this one; the last is where this one begins. */
  const [cursors, setCursors] = useState<string[]>([]);
  const [shown, setShown] = useState<Shown | null>(null);
  const after = cursors.at(-1) ?? null;
  const isFirst = after === null;

  const query = useQuery(AuditTrailDocument, {
    variables: { first: PAGE_SIZE, after, action },
    fetchPolicy: 'network-only',
    nextFetchPolicy: 'cache-first',
    ...(isFirst ? LIVE_ENOUGH : { pollInterval: 0 }),
  });
  useOnReturn(() => {
    if (isFirst) query.refetch().catch(() => {});
  });

  const asked = `${action} ${after}`;
  const answer = query.data?.auditEvents;
  // An empty page has nothing that could move.
  if (answer && answer !== shown?.page && (shown?.of !== asked || shown.page.edges.length === 0)) {
    setShown({ of: asked, page: answer });
  }
  const isShown = shown?.of === asked;
  const news = isFirst && isShown && answer ? countNew(shown.page, answer) : 0;

  return {
    page: shown?.page,
    /** The page is that of another filter or place while this one is on its way. */
    isStale: shown !== null && !isShown,
    error: query.error,
    refetch: query.refetch,
    action,
    filter(next: string | null) {
      setCursors([]);
      setAction(next);
    },
    news,
    /** All of a page is new: there may be more. */
    mayBeMore: news === PAGE_SIZE,
    showNews() {
      if (answer) setShown({ of: asked, page: answer });
    },
    number: cursors.length + 1,
    newer: isFirst ? null : () => setCursors(cursors.slice(0, -1)),
    older:
      shown?.page.pageInfo.hasNextPage && isShown
        ? () => setCursors([...cursors, shown.page.pageInfo.endCursor!])
        : null,
  };
}

function countNew(shown: Page, answer: Page): number {
  const known = new Set(shown.edges.map(({ node }) => node.id));
  return answer.edges.filter(({ node }) => !known.has(node.id)).length;
}

import { useApolloClient, useQuery } from '@apollo/client/react';
import { useState } from 'react';
import { EvidenceVersionsDocument } from '../../generated/evidence-operations.ts';
import { type Problem, problemOf } from '../../lib/problem.ts';
import { usePolicyNews } from './use-policy-news.ts';
import type { Version } from './version-change.ts';

export interface Versions {
  /** Newest first. Undefined while the first page loads. */
  versions: Version[] | undefined;
  total: number;
  error: unknown;
  isLoadingMore: boolean;
  /** Why earlier ones could not be loaded. */
  failure: Problem | null;
  /** Null: there are no earlier ones. */
  showMore: (() => Promise<void>) | null;
  refetch: () => Promise<unknown>;
}

/** The versions of the policy. Those that were read once are kept, because a version never changes. */
export function useVersions(pageSize: number): Versions {
  const client = useApolloClient();
  const query = useQuery(EvidenceVersionsDocument, { variables: { first: pageSize } });
  const [kept, setKept] = useState<readonly Version[]>([]);
  const [end, setEnd] = useState<string | null>(null);
  const [isLoadingMore, setLoadingMore] = useState(false);
  const [failure, setFailure] = useState<Problem | null>(null);
  usePolicyNews(query.refetch);

  const page = (query.data ?? query.previousData)?.sessionPolicyVersions;
  const newest = page?.edges.map(({ node }) => node);
  // A newer version pushes others off the first page.
  if (newest?.some(({ version }) => !kept.some((each) => each.version === version)))
    setKept(merged(newest, kept));
  const versions = newest && merged(newest, kept);
  const hasMore = page !== undefined && versions !== undefined && versions.length < page.totalCount;

  async function showMore() {
    if (isLoadingMore) return;
    setLoadingMore(true);
    setFailure(null);
    try {
      const { data } = await client.query({
        query: EvidenceVersionsDocument,
        variables: { first: pageSize, after: end ?? page?.pageInfo.endCursor ?? null },
        fetchPolicy: 'no-cache',
      });
      const next = data!.sessionPolicyVersions;
      setKept((before) =>
        merged(
          next.edges.map(({ node }) => node),
          before,
        ),
      );
      setEnd(next.pageInfo.endCursor ?? null);
    } catch (error) {
      setFailure(problemOf(error));
    } finally {
      setLoadingMore(false);
    }
  }

  return {
    versions,
    total: page?.totalCount ?? 0,
    error: query.error,
    isLoadingMore,
    failure,
    showMore: hasMore ? showMore : null,
    refetch: query.refetch,
  };
}

const merged = (some: readonly Version[], others: readonly Version[]): Version[] =>
  [...some, ...others.filter(({ version }) => !some.some((each) => each.version === version))].toSorted(
    (one, other) => other.version - one.version,
  );

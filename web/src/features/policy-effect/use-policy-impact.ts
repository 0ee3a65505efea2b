import { useQuery } from '@apollo/client/react';
import { useDebouncedValue } from '@mantine/hooks';
import { PolicyImpactDocument, type UpdateSessionPolicyInput } from '../../generated/policy-operations.ts';
import { type Problem, problemOf } from '../../lib/problem.ts';
import type { Impact } from './impact-messages.ts';

const DEBOUNCE_MS = 300;

export interface PolicyImpact {
  /** The numbers for these limits, or the last ones while these are loading. */
  counts: Impact | null;
  isPending: boolean;
  /** Whether the limits can have an impact at all. */
  isWanted: boolean;
  /** The server's rejection of the limits. */
  refusal: Problem | null;
  /** Set when the server could not be reached. */
  retry: (() => void) | null;
}

/** Loads the impact of these limits on current sessions once typing has paused. Null: no request. */
export function usePolicyImpact(input: UpdateSessionPolicyInput | null): PolicyImpact {
  // As text, so that equal limits in another object cause no request.
  const wanted = input && JSON.stringify(input);
  const [settled] = useDebouncedValue(wanted, DEBOUNCE_MS);
  const requested = wanted === null ? null : settled;
  const { data, previousData, loading, error, refetch } = useQuery(PolicyImpactDocument, {
    variables: { input: requested === null ? {} : (JSON.parse(requested) as UpdateSessionPolicyInput) },
    skip: requested === null,
    fetchPolicy: 'network-only',
  });
  const isPending = wanted !== null && (wanted !== settled || loading);
  const problem = error && !isPending ? problemOf(error) : null;
  return {
    counts: wanted === null ? null : ((data ?? previousData)?.sessionPolicyImpact ?? null),
    isPending,
    isWanted: wanted !== null,
    refusal: problem?.kind === 'refused' ? problem : null,
    retry: problem?.kind === 'unreachable' ? () => void refetch().catch(() => {}) : null,
  };
}

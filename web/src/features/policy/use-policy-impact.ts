import { useQuery } from '@apollo/client/react';
import { useDebouncedValue } from '@mantine/hooks';
import { PolicyImpactDocument, type UpdateSessionPolicyInput } from '../../generated/operations.ts';
import { type Problem, problemOf } from '../../lib/problem.ts';
import type { Impact } from './policy-words.ts';

const DEBOUNCE_MS = 300;

export interface PolicyImpact {
  /** The answer for these limits, or while it is not there yet the one before. */
  counts: Impact | null;
  isPending: boolean;
  /** Whether there is anything to be asked. */
  isWanted: boolean;
  /** What the server found wrong with the limits. */
  refusal: Problem | null;
  /** Set when it could not be asked. */
  retry: (() => void) | null;
}

/** Asks what these limits would do to the live sessions, once somebody has stopped typing. Null asks nothing. */
export function usePolicyImpact(input: UpdateSessionPolicyInput | null): PolicyImpact {
  // As text: the same limits in another object are no change.
  const wanted = input && JSON.stringify(input);
  const [settled] = useDebouncedValue(wanted, DEBOUNCE_MS);
  const asked = wanted === null ? null : settled;
  const { data, previousData, loading, error, refetch } = useQuery(PolicyImpactDocument, {
    variables: { input: asked === null ? {} : (JSON.parse(asked) as UpdateSessionPolicyInput) },
    skip: asked === null,
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

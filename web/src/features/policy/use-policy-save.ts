import { useApolloClient, useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { useSession } from '@curfew/client/react';
import {
  type PolicyApplication,
  PolicyCardDocument,
  PolicyImpactDocument,
  PolicySaveDocument,
  type UpdateSessionPolicyInput,
} from '../../generated/policy-operations.ts';
import { type Problem, problemOf } from '../../lib/problem.ts';
import { POLICY_CHANGED } from '../policy-effect/policy-broadcast.ts';
import type { Impact } from '../policy-effect/impact-messages.ts';

/** A complete change, fixed when it is submitted: later edits and other people's changes do not get into it. */
export type PolicyChange = UpdateSessionPolicyInput & { apply: PolicyApplication; expectedVersion: number };

type Outcome =
  | { kind: 'saved'; apply: PolicyApplication; endedSessions: number; shortenedSessions: number }
  | { kind: 'failed'; problem: Problem };

export interface PolicySave {
  phase: 'ready' | 'checking' | 'saving';
  /** True while the user has to confirm that sessions end. */
  isAsking: boolean;
  /** The change to confirm. Kept after the answer, because the closing dialog still shows it. */
  question: { change: PolicyChange; impact: Impact } | null;
  outcome: Outcome | null;
  submit(change: PolicyChange): Promise<void>;
  confirm(): void;
  cancel(): void;
  clearOutcome(): void;
}

/** Saves a policy. Asks for confirmation, with current numbers, before sessions end. */
export function usePolicySave(onSaved: () => void): PolicySave {
  const client = useApolloClient();
  const { watcher } = useSession();
  // The audit trail on this page shows the owner's own change.
  const [run] = useMutation(PolicySaveDocument, { refetchQueries: ['AuditTrail'] });
  const [phase, setPhase] = useState<PolicySave['phase']>('ready');
  const [isAsking, setAsking] = useState(false);
  const [question, setQuestion] = useState<PolicySave['question']>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);

  async function save(change: PolicyChange) {
    setPhase('saving');
    const { data } = await run({ variables: { input: change } });
    onSaved();
    watcher.announce({ kind: POLICY_CHANGED });
    const { endedSessions = 0, shortenedSessions = 0 } = data?.updateSessionPolicy ?? {};
    setOutcome({ kind: 'saved', apply: change.apply, endedSessions, shortenedSessions });
  }

  async function saveOrAsk(change: PolicyChange) {
    if (change.apply === 'NEXT_LOGIN') return save(change);
    setPhase('checking');
    const { data } = await client.query({
      query: PolicyImpactDocument,
      variables: { input: change },
      fetchPolicy: 'network-only',
    });
    const impact = data?.sessionPolicyImpact;
    if (!impact || impact.endNow === 0) return save(change);
    setQuestion({ change, impact });
    setAsking(true);
  }

  async function guarded(step: () => Promise<void>) {
    if (phase !== 'ready') return;
    setOutcome(null);
    try {
      await step();
    } catch (error) {
      const problem = problemOf(error);
      // Loads the other owner's policy before the conflict is shown. If that fails, the server's message is shown.
      if (problem.kind === 'refused' && problem.code === 'CONFLICT')
        await client.query({ query: PolicyCardDocument, fetchPolicy: 'network-only' }).catch(() => {});
      setOutcome({ kind: 'failed', problem });
    } finally {
      setPhase('ready');
    }
  }

  return {
    phase,
    isAsking,
    question,
    outcome,
    submit: (change) => guarded(() => saveOrAsk(change)),
    confirm() {
      if (question) void guarded(() => save(question.change)).finally(() => setAsking(false));
    },
    cancel: () => setAsking(false),
    clearOutcome: () => setOutcome(null),
  };
}

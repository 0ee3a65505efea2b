import { useApolloClient, useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { useSession } from '@curfew/client/react';
import {
  type PolicyApplication,
  PolicyCardDocument,
  PolicyImpactDocument,
  PolicySaveDocument,
  type UpdateSessionPolicyInput,
} from '../../generated/operations.ts';
import { type Problem, problemOf } from '../../lib/problem.ts';
import { POLICY_CHANGED } from './policy-message.ts';
import type { Impact } from './policy-words.ts';

/** What is about to be saved, whole: nobody else's change and no further typing gets into it. */
export type PolicyChange = UpdateSessionPolicyInput & { apply: PolicyApplication; expectedVersion: number };

type Outcome = { kind: 'saved'; apply: PolicyApplication } | { kind: 'failed'; problem: Problem };

export interface PolicySave {
  phase: 'ready' | 'checking' | 'saving';
  /** Sessions would end: somebody has to say yes. */
  isAsking: boolean;
  /** What is or was asked; a dialog that is closing still shows it. */
  question: { change: PolicyChange; impact: Impact } | null;
  outcome: Outcome | null;
  submit(change: PolicyChange): Promise<void>;
  confirm(): void;
  cancel(): void;
  /** The outcome is of the past. */
  forget(): void;
}

/** Saves a policy; asks before it ends anybody's session, with the numbers of that moment. */
export function usePolicySave(onSaved: () => void): PolicySave {
  const client = useApolloClient();
  const { watcher } = useSession();
  // The owner's own change is in the audit trail of the same page.
  const [run] = useMutation(PolicySaveDocument, { refetchQueries: ['AuditTrail'] });
  const [phase, setPhase] = useState<PolicySave['phase']>('ready');
  const [isAsking, setAsking] = useState(false);
  const [question, setQuestion] = useState<PolicySave['question']>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);

  async function save(change: PolicyChange) {
    setPhase('saving');
    await run({ variables: { input: change } });
    onSaved();
    watcher.announce({ kind: POLICY_CHANGED });
    setOutcome({ kind: 'saved', apply: change.apply });
  }

  async function check(change: PolicyChange) {
    if (change.apply === 'NEXT_LOGIN') return save(change);
    setPhase('checking');
    const { idleMinutes, absoluteMinutes } = change;
    const { data } = await client.query({
      query: PolicyImpactDocument,
      variables: { input: { idleMinutes, absoluteMinutes } },
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
      // The other owner's policy comes before the message about it; without it the server's sentence has to do.
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
    submit: (change) => guarded(() => check(change)),
    confirm() {
      if (question) void guarded(() => save(question.change)).finally(() => setAsking(false));
    },
    cancel: () => setAsking(false),
    forget: () => setOutcome(null),
  };
}

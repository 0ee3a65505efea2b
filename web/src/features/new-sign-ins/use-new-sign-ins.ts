import { useApolloClient } from '@apollo/client/react';
import { useEffect, useEffectEvent, useState } from 'react';
import { useSession } from '@curfew/client/react';
import { NewSignInsDocument, type NewSignInsSubscription } from '../../generated/operations.ts';
import { useLiveEvents } from '../../lib/use-live-events.ts';

export type NewSignIn = NewSignInsSubscription['newDeviceSignIns'];

/** Kind of the message that a tab sends to the others when a sign-in was answered there. */
const ANSWERED = 'new-sign-in-answered';

export interface NewSignIns {
  /** Not answered yet, the latest first. */
  signIns: readonly NewSignIn[];
  /** Takes one away, or all of them, in every tab. */
  answer(sessionId?: string): void;
}

/** Sign-ins from new devices, as they happen, to the user of this page. */
export function useNewSignIns(): NewSignIns {
  const { watcher, session } = useSession();
  const [signIns, setSignIns] = useState<readonly NewSignIn[]>([]);
  const [sessionId, setSessionId] = useState(session?.id);
  // Another session may be another user's.
  if (session?.id !== sessionId) {
    setSessionId(session?.id);
    setSignIns([]);
  }

  const client = useApolloClient();
  useLiveEvents(NewSignInsDocument, ({ newDeviceSignIns: signIn }) => {
    setSignIns((known) => [signIn, ...known.filter(({ id }) => id !== signIn.id)]);
    // The list of the user's sessions, where the page shows it, would say that there is none of it.
    client.refetchQueries({ include: ['AccountSessions'] }).catch(() => {});
  });

  const remove = (answered: unknown) =>
    setSignIns((known) => (answered === undefined ? [] : known.filter(({ id }) => id !== answered)));
  const onAnswered = useEffectEvent(remove);
  useEffect(
    () =>
      watcher.onMessage((message) => {
        if (message.kind === ANSWERED) onAnswered(message.sessionId);
      }),
    [watcher],
  );

  return {
    signIns,
    answer(answered) {
      remove(answered);
      watcher.announce({ kind: ANSWERED, sessionId: answered });
    },
  };
}

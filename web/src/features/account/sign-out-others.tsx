import { useApolloClient, useMutation } from '@apollo/client/react';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useTell } from '../../components/toasts.tsx';
import { AccountEndSessionDocument } from '../../generated/operations.ts';
import { problemOf, sentenceFor } from '../../lib/problem.ts';
import { endOthers } from './end-others.ts';
import { listOthers } from './list-others.ts';

interface SignOutOthersProps {
  userId: string;
  /** How many others there are, as far as the page knows; 0: there is nothing to ask. */
  count: number;
  onDone(): void;
}

/** Signs somebody out everywhere but here. */
export function SignOutOthers({ userId, count, onDone }: SignOutOthersProps) {
  const client = useApolloClient();
  const [endSession] = useMutation(AccountEndSessionDocument);
  const [isAsking, setAsking] = useState(false);
  /** As it was when it was asked: the words stay while the dialog fades. */
  const [asked, setAsked] = useState(count);
  const [progress, setProgress] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const tell = useTell();

  async function end(sessionId: string): Promise<number> {
    const { data } = await endSession({ variables: { sessionId } });
    return data?.revokeSession.revokedCount ?? 0;
  }

  async function signOut() {
    setFailure(null);
    setProgress('Signing out…');
    try {
      const { ended, left, problem } = await endOthers({
        list: () => listOthers(client, userId),
        end,
        onProgress: (done, all) => setProgress(`Signing out… ${done} of ${all}`),
      });
      if (left > 0) {
        setFailure(`${places(ended)} signed out, ${left} not. ${sentenceFor(problemOf(problem))}`);
        return;
      }
      setAsking(false);
      tell(ended === 0 ? 'You were signed in nowhere else.' : `You were signed out in ${others(ended)}.`);
      onDone();
    } catch (error) {
      setFailure(sentenceFor(problemOf(error)));
    } finally {
      setProgress(null);
    }
  }

  return (
    <>
      {count > 0 && (
        <Button
          variant="default"
          onClick={() => {
            setAsked(count);
            setAsking(true);
          }}
        >
          Sign out everywhere else
        </Button>
      )}
      <ConfirmDialog
        opened={isAsking}
        title={`Sign out in ${others(asked)}?`}
        confirmLabel="Sign out everywhere else"
        busyLabel={progress ?? 'Signing out…'}
        isBusy={progress !== null}
        isDangerous
        failure={failure}
        onConfirm={() => void signOut()}
        onClose={() => {
          setAsking(false);
          setFailure(null);
        }}
      >
        You stay signed in here. Everywhere else you are sent to the sign-in page at once.
      </ConfirmDialog>
    </>
  );
}

const places = (count: number): string => (count === 1 ? '1 place was' : `${count} places were`);

const others = (count: number): string => (count === 1 ? '1 other place' : `${count} other places`);

import { useApolloClient, useMutation } from '@apollo/client/react';
import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useToast } from '../../components/toasts.tsx';
import { AccountRevokeSessionDocument } from '../../generated/operations.ts';
import { problemMessage, problemOf } from '../../lib/problem.ts';
import { listOtherSessions } from './list-other-sessions.ts';
import { revokeOthers } from './revoke-others.ts';

interface SignOutOthersProps {
  userId: string;
  /** Number of other sessions that the page knows of; 0 hides the button. */
  count: number;
  onDone(): void;
}

/** Signs the user out everywhere except here. */
export function SignOutOthers({ userId, count, onDone }: SignOutOthersProps) {
  const { t } = useLingui();
  const client = useApolloClient();
  const [revokeSession] = useMutation(AccountRevokeSessionDocument);
  const [isOpen, setOpen] = useState(false);
  /** The count at the time of opening: the text must not change while the dialog fades out. */
  const [shownCount, setShownCount] = useState(count);
  const [progress, setProgress] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const showToast = useToast();

  async function revoke(sessionId: string): Promise<number> {
    const { data } = await revokeSession({ variables: { sessionId } });
    return data?.revokeSession.revokedCount ?? 0;
  }

  async function signOut() {
    setFailure(null);
    setProgress(t`Signing out…`);
    try {
      const { revoked, failed, error } = await revokeOthers({
        list: () => listOtherSessions(client, userId),
        revoke,
        onProgress: (done, all) => setProgress(t`Signing out… ${done} of ${all}`),
      });
      if (failed > 0) {
        const done = plural(revoked, { one: '# session', other: '# sessions' });
        const problem = problemMessage(problemOf(error));
        setFailure(t`Signed out ${done}, but not ${failed}. ${problem}`);
        return;
      }
      setOpen(false);
      showToast(
        revoked === 0
          ? t`You weren’t signed in anywhere else.`
          : plural(revoked, {
              one: 'You were signed out of # other session.',
              other: 'You were signed out of # other sessions.',
            }),
      );
      onDone();
    } catch (error) {
      setFailure(problemMessage(problemOf(error)));
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
            setShownCount(count);
            setOpen(true);
          }}
        >
          <Trans>Sign out everywhere else</Trans>
        </Button>
      )}
      <ConfirmDialog
        opened={isOpen}
        title={plural(shownCount, {
          one: 'Sign out of # other session?',
          other: 'Sign out of # other sessions?',
        })}
        confirmLabel={t`Sign out everywhere else`}
        busyLabel={progress ?? t`Signing out…`}
        isBusy={progress !== null}
        isDangerous
        failure={failure}
        onConfirm={() => void signOut()}
        onClose={() => {
          setOpen(false);
          setFailure(null);
        }}
      >
        <Trans>
          You’ll stay signed in here. Your other devices will be sent to the sign-in page right away.
        </Trans>
      </ConfirmDialog>
    </>
  );
}

import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useToast } from '../../components/toasts.tsx';
import { useSignOutOthers } from '../../components/use-sign-out-others.ts';

interface SignOutOthersProps {
  userId: string;
  /** Number of other sessions that the page knows of; 0 hides the button. */
  count: number;
  onDone(): void;
}

/** Signs the user out everywhere except here. */
export function SignOutOthers({ userId, count, onDone }: SignOutOthersProps) {
  const { t } = useLingui();
  const { progress, failure, signOutOthers, reset } = useSignOutOthers(userId);
  const [isOpen, setOpen] = useState(false);
  /** The count at the time of opening: the text must not change while the dialog fades out. */
  const [shownCount, setShownCount] = useState(count);
  const showToast = useToast();

  async function signOut() {
    const revoked = await signOutOthers();
    if (revoked === null) return;
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
          reset();
        }}
      >
        <Trans>
          You’ll stay signed in here. Your other devices will be sent to the sign-in page right away.
        </Trans>
      </ConfirmDialog>
    </>
  );
}

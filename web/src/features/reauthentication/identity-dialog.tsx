import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Text } from '@mantine/core';
import { useEffect, useId, useRef } from 'react';
import type { WatchedUser } from '@curfew/client';
import { useSession, useSessionExpiry } from '@curfew/client/react';
import { Delayed } from '../../components/delayed.tsx';
import { LiveRegion } from '../../components/live-region.tsx';
import { useToast } from '../../components/toasts.tsx';
import { TopDialog } from '../../components/top-dialog.tsx';
import { asAdjective, asClock } from '../../lib/duration.ts';
import { useIdentityConfirmation } from '../../lib/identity-confirmation-context.ts';
import type { ConfirmationRequest } from '../../lib/identity-confirmation.ts';
import { clockTime } from '../../lib/moment.ts';
import { useExpiryAnnouncement } from '../../lib/use-expiry-announcement.ts';
import { PasswordForm } from './password-form.tsx';
import { ProviderChoice } from './provider-choice.tsx';
import { SignInInstead } from './sign-in-instead.tsx';
import { useOptions } from './use-options.ts';
import { notConfirmedInWords, reasonInWords } from './words.ts';
import classes from './reauthentication.module.css';

interface IdentityDialogProps {
  request: ConfirmationRequest;
  user: WatchedUser;
}

/** Asks the user to confirm that it is them, over the page that they are on. Counts down in the last minute. */
export function IdentityDialog({ request: { reason, isUnasked }, user }: IdentityDialogProps) {
  const { t } = useLingui();
  const id = useId();
  const confirmation = useIdentityConfirmation();
  const showToast = useToast();
  const { watcher, session } = useSession();
  const options = useOptions();
  const heading = useRef<HTMLHeadingElement>(null);
  const form = useRef<{ focus(): void }>(null);

  const { reason: limit, warning, expiresAt, secondsRemaining } = useSessionExpiry();
  const isNear = limit === 'ABSOLUTE' && expiresAt !== null && secondsRemaining !== null;
  const isLastMinute = isNear && warning === 'now';
  const announcement = useExpiryAnnouncement(
    isLastMinute ? { reason: 'ABSOLUTE', expiresAt, secondsRemaining } : null,
  );
  const deadline = session && {
    limit: asAdjective(session.absoluteMinutes),
    clock: clockTime(watcher.toLocal(session.absoluteExpiresAt)),
  };

  // Not into a dialog that opened on its own: what someone was typing would end up in the field.
  const isReady = options !== null;
  useEffect(() => {
    if (isReady && !isUnasked && document.activeElement === heading.current) form.current?.focus();
  }, [isReady, isUnasked]);

  const confirm = () => confirmation.confirm();
  const cancel = () => {
    const words = notConfirmedInWords(reason);
    confirmation.cancel();
    if (words !== null) showToast(words, 'neutral');
  };
  const cancelLabel = reason.kind === 'deadline' ? t`Not now` : t`Cancel`;
  const cancelButton = (
    <div className={classes.actions}>
      <Button variant="default" onClick={cancel}>
        {cancelLabel}
      </Button>
    </div>
  );

  return (
    <TopDialog
      role={isUnasked ? 'alertdialog' : 'dialog'}
      tone={isLastMinute ? 'amber' : 'cyan'}
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      initialFocus={heading}
      onEscape={cancel}
    >
      <h2 id={`${id}-title`} ref={heading} tabIndex={-1}>
        <Trans>Confirm it’s you</Trans>
      </h2>
      {isLastMinute && (
        <p className={classes.countdown} aria-hidden>
          <Trans>
            You’ll be signed out in <b>{asClock(secondsRemaining)}</b>.
          </Trans>
        </p>
      )}
      <p id={`${id}-text`}>{reasonInWords(reason, watcher.now(), deadline)}</p>
      <Text component="div" className={classes.who}>
        <b>{user.name}</b>
        <br />
        <span>{user.email}</span>
      </Text>
      {options === null ? (
        <Delayed>
          <p role="status">
            <Trans>One moment…</Trans>
          </p>
        </Delayed>
      ) : (
        <>
          {options.password && (
            <PasswordForm
              ref={form}
              user={user}
              cancelLabel={cancelLabel}
              onConfirmed={confirm}
              onCancel={cancel}
              onTyping={confirmation.noteTyping}
            />
          )}
          {options.password && options.providers.length > 0 && (
            <p className={classes.or} aria-hidden>
              <Trans>or</Trans>
            </p>
          )}
          {options.providers.length > 0 && (
            <ProviderChoice providers={options.providers} reason={reason} onConfirmed={confirm} />
          )}
          {!options.password && options.providers.length === 0 && <SignInInstead />}
        </>
      )}
      {!options?.password && cancelButton}
      <LiveRegion text={announcement} />
    </TopDialog>
  );
}

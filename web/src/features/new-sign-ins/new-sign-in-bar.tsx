import { useApolloClient } from '@apollo/client/react';
import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Button, CloseButton } from '@mantine/core';
import { KeyRound, ShieldAlert } from 'lucide-react';
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import { useSession } from '@curfew/client/react';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Ago } from '../../components/moment.tsx';
import { useSignOutOthers } from '../../components/use-sign-out-others.ts';
import { deviceInWords } from '../../lib/device.ts';
import classes from './new-sign-in-bar.module.css';
import type { NewSignIn } from './use-new-sign-ins.ts';

interface NewSignInBarProps {
  /** Null: everyone else is signed out, and the password is next. */
  signIn: NewSignIn | null;
  moreCount: number;
  /** Called when it is shown for the first time. */
  onLoad(): void;
  /** It was the user. */
  onKnown(sessionId: string): void;
  /** All other sessions of the user have ended. */
  onSignedOut(): void;
  onDone(): void;
}

export function NewSignInBar({ signIn, moreCount, onLoad, onKnown, onSignedOut, onDone }: NewSignInBarProps) {
  useLayoutEffect(() => onLoad());
  return signIn ? (
    <Question signIn={signIn} moreCount={moreCount} onKnown={onKnown} onSignedOut={onSignedOut} />
  ) : (
    <PasswordNext onDone={onDone} />
  );
}

type QuestionProps = Pick<NewSignInBarProps, 'moreCount' | 'onKnown' | 'onSignedOut'> & { signIn: NewSignIn };

function Question({ signIn, moreCount, onKnown, onSignedOut }: QuestionProps) {
  const { t } = useLingui();
  const client = useApolloClient();
  const { user } = useSession();
  const [isAsking, setAsking] = useState(false);
  const { progress, failure, signOutOthers, reset } = useSignOutOthers(user?.id ?? '');
  const device = deviceInWords(signIn.device);
  const what = signIn.ipAddress === null ? device : `${device}, ${signIn.ipAddress}`;

  async function signOut() {
    if ((await signOutOthers()) === null) return;
    setAsking(false);
    onSignedOut();
    // The page may list the sessions that have just ended.
    await client.refetchQueries({ include: 'active' }).catch(() => {});
  }

  return (
    <Bar
      icon={<ShieldAlert size={20} />}
      actions={
        <>
          <Button size="sm" variant="default" onClick={() => onKnown(signIn.id)}>
            <Trans>It was me</Trans>
          </Button>
          <Button size="sm" color="red.8" autoContrast={false} onClick={() => setAsking(true)}>
            <Trans>Not me</Trans>
          </Button>
        </>
      }
    >
      <p>
        <Trans>
          New sign-in: {what}, <Ago at={signIn.authenticatedAt} />. Not you?
        </Trans>
      </p>
      {moreCount > 0 && (
        <p className={classes.more}>
          <Plural value={moreCount} one="And # more new sign-in." other="And # more new sign-ins." />
        </p>
      )}
      <ConfirmDialog
        opened={isAsking}
        title={t`Sign out everywhere else?`}
        confirmLabel={t`Sign out everywhere else`}
        busyLabel={progress ?? t`Signing out…`}
        isBusy={progress !== null}
        isDangerous
        failure={failure}
        onConfirm={() => void signOut()}
        onClose={() => {
          setAsking(false);
          reset();
        }}
      >
        <Trans>
          The new session ({what}) and all your other sessions end right away. You’ll stay signed in here.
          Change your password next.
        </Trans>
      </ConfirmDialog>
    </Bar>
  );
}

/** Someone who knows the password could sign in again. */
function PasswordNext({ onDone }: { onDone(): void }) {
  const { t } = useLingui();
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => link.current?.focus({ preventScroll: true }), []);
  return (
    <Bar
      icon={<KeyRound size={20} />}
      actions={
        <>
          <Button
            ref={link}
            component={Link}
            to="/account/sessions#password"
            size="sm"
            variant="default"
            onClick={onDone}
          >
            <Trans>Change your password</Trans>
          </Button>
          <CloseButton
            variant="transparent"
            c="inherit"
            aria-label={t`Dismiss this notice`}
            onClick={onDone}
          />
        </>
      }
    >
      <p>
        <Trans>You’re signed out everywhere else. Someone may know your password: change it now.</Trans>
      </p>
    </Bar>
  );
}

function Bar({ icon, actions, children }: { icon: ReactNode; actions: ReactNode; children: ReactNode }) {
  return (
    <div className={classes.bar}>
      <div className={classes.line}>
        <span className={classes.icon} aria-hidden>
          {icon}
        </span>
        <div className={classes.text}>{children}</div>
        <div className={classes.actions}>{actions}</div>
      </div>
    </div>
  );
}

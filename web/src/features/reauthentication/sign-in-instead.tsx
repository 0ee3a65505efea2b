import { Trans } from '@lingui/react/macro';
import { Button, Text } from '@mantine/core';
import { Failure } from '../../components/failure.tsx';
import { useSignOut } from '../../components/use-sign-out.ts';
import { useLingui } from '@lingui/react/macro';
import classes from './reauthentication.module.css';

/** For a user who can confirm by nothing in this session, such as one whose provider is no longer configured. */
export function SignInInstead() {
  const { t } = useLingui();
  const { state, signOut } = useSignOut();
  const isBusy = state === 'busy';
  return (
    <div className={classes.providers}>
      <Text>
        <Trans>You can’t confirm it in this session. Sign in again, and then do it once more.</Trans>
      </Text>
      {state === 'failed' && <Failure text={t`Couldn’t reach Curfew. You’re still signed in. Try again.`} />}
      <Button onClick={signOut} aria-disabled={isBusy}>
        {isBusy ? <Trans>One moment…</Trans> : <Trans>Sign in now</Trans>}
      </Button>
    </div>
  );
}

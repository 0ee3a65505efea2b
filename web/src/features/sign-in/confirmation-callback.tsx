import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Loader, Stack, Text, Title } from '@mantine/core';
import { useEffect, useEffectEvent, useState } from 'react';
import { Link } from 'react-router';
import { useSession } from '@curfew/client/react';
import { Delayed } from '../../components/delayed.tsx';
import { Notice } from '../../components/notice.tsx';
import {
  type AuthProvider,
  clearPendingSignIn,
  type PendingConfirmation,
} from '../../lib/pending-sign-in.ts';
import { keepOutcome, type ProviderOutcome, reportOutcome } from '../../lib/provider-confirmation.ts';
import { confirmationOutcome } from './confirmation-outcome.ts';
import { ContinueTo } from './continue-to.tsx';
import { Outcome } from './outcome.tsx';
import { SignInLayout } from './sign-in-layout.tsx';
import type { Completion } from './use-complete-sign-in.ts';

/** The tab that waits answers at once. */
const REPORT_TIMEOUT_MS = 1_500;
/** A window that may close itself is gone by then. */
const CLOSE_TIMEOUT_MS = 500;

interface ConfirmationCallbackProps {
  completion: Completion;
  provider: AuthProvider;
  confirmation: PendingConfirmation;
  /** The page that the user left. */
  next: string;
}

/** Brings the outcome to the page that asked: to the tab that waits for this window, or to the page before in this tab. */
export function ConfirmationCallback(props: ConfirmationCallbackProps) {
  const { completion, provider, confirmation, next } = props;
  const { t } = useLingui();
  const { watcher } = useSession();
  const [isLeaving, setLeaving] = useState(completion.kind === 'none' && confirmation.place === 'tab');
  const [isLeftOpen, setLeftOpen] = useState(completion.kind === 'none' && confirmation.place === 'window');
  const outcome = confirmationOutcome(completion);

  const bring = useEffectEvent(async (found: ProviderOutcome) => {
    clearPendingSignIn();
    if (confirmation.place === 'tab') {
      keepOutcome({ provider: provider.name, reason: confirmation.reason, outcome: found });
      return setLeaving(true);
    }
    if (await reportOutcome(watcher, confirmation.attempt, found, REPORT_TIMEOUT_MS)) window.close();
    setTimeout(() => setLeftOpen(true), CLOSE_TIMEOUT_MS);
  });
  const isSettled = outcome !== null;
  useEffect(() => {
    if (isSettled) void bring(outcome);
    // The outcome is another object in each render.
  }, [isSettled]);

  return (
    <SignInLayout title={t`Confirm it’s you`}>
      {isLeaving && <ContinueTo to={next} />}
      {isLeftOpen ? <LeftOpen isConfirmed={outcome?.kind === 'confirmed'} /> : <Progress />}
    </SignInLayout>
  );
}

const Progress = () => (
  <Stack gap="md">
    <Title order={1}>
      <Trans>Confirming that it’s you</Trans>
    </Title>
    <Text c="dimmed" role="status">
      <Trans>This takes a moment.</Trans>
    </Text>
    <Delayed>
      <Loader type="dots" aria-hidden />
    </Delayed>
  </Stack>
);

/** For browsers that let no page close its window, and for a window whose tab is gone. */
function LeftOpen({ isConfirmed }: { isConfirmed: boolean }) {
  const { t } = useLingui();
  return (
    <Outcome title={isConfirmed ? t`It’s you: confirmed` : t`Not confirmed`}>
      <Notice tone={isConfirmed ? 'emerald' : 'neutral'} role="status">
        {isConfirmed ? (
          <Trans>You can close this window and carry on where you were.</Trans>
        ) : (
          <Trans>You’re still signed in. You can close this window and try again where you were.</Trans>
        )}
      </Notice>
      <Button component={Link} to="/account" variant="default" size="md" fullWidth>
        <Trans>Go to your account</Trans>
      </Button>
    </Outcome>
  );
}

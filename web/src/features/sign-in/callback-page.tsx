import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Loader, Stack, Text, Title } from '@mantine/core';
import { CircleX, Info, TriangleAlert } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { Link, Navigate, useNavigate } from 'react-router';
import { useSession } from '@curfew/client/react';
import { Delayed } from '../../components/delayed.tsx';
import { Failure } from '../../components/failure.tsx';
import { Notice, type Tone } from '../../components/notice.tsx';
import { SignInLayout } from './sign-in-layout.tsx';
import { type AuthProvider, pendingSignIn, type PendingSignIn } from '../../lib/pending-sign-in.ts';
import classes from './named-button.module.css';
import { ConfirmationCallback } from './confirmation-callback.tsx';
import { ContinueTo } from './continue-to.tsx';
import { Outcome } from './outcome.tsx';
import { type ProviderRefusal, providerRefusalOf } from './provider-refusal.ts';
import { refusalMessage } from './provider-refusal-messages.ts';
import { hasChoices } from './session-limit.ts';
import { safeNext, signInAddress } from './sign-in-address.ts';
import { useCompleteSignIn } from './use-complete-sign-in.ts';
import { useProviderSignIn } from './use-provider-sign-in.ts';

/** Rare, and made of what the pages behind the sign-in share. */
const SessionChoice = lazy(async () => ({ default: (await import('./session-choice.tsx')).SessionChoice }));

/**
 * The page to which identity providers redirect. The new session replaces one that is signed in here already, unless its
 * user went there to confirm that it is them.
 */
export function CallbackPage() {
  const { t } = useLingui();
  const completion = useCompleteSignIn();
  // Read once on opening: a completed sign-in clears it.
  const [pending] = useState(pendingSignIn);
  const next = safeNext(pending?.next ?? null, location.origin);
  if (pending?.confirmation) {
    const { provider, confirmation } = pending;
    return <ConfirmationCallback {...{ completion, provider, confirmation, next }} />;
  }
  switch (completion.kind) {
    case 'none':
      return <Navigate to={signInAddress(null, next)} replace />;
    case 'pending':
    case 'done':
      return (
        <SignInLayout title={t`Signing in`}>
          {/* Stays until the next page has loaded. */}
          {completion.kind === 'done' && <ContinueTo to={next} />}
          <Progress />
        </SignInLayout>
      );
    case 'refused':
      return (
        <SignInLayout title={t`Sign in`}>
          <Refusal refusal={providerRefusalOf(completion.error)} pending={pending} next={next} />
        </SignInLayout>
      );
  }
}

const Progress = () => (
  <Stack gap="md">
    <Title order={1}>
      <Trans>Signing you in</Trans>
    </Title>
    <Text c="dimmed" role="status">
      <Trans>This takes a moment.</Trans>
    </Text>
    <Delayed>
      <Loader type="dots" aria-hidden />
    </Delayed>
  </Stack>
);

interface RefusalProps {
  refusal: ProviderRefusal;
  /** The sign-in that this tab has started; null when another browser did. */
  pending: PendingSignIn | null;
  next: string;
}

/** Time to read the reason before the redirect. */
const REDIRECT_DELAY_MS = 5_000;

function Refusal({ refusal, pending, next }: RefusalProps) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const { status } = useSession();
  const provider = pending?.provider ?? null;
  const { goingTo, failure, go } = useProviderSignIn({ next, isShared: pending?.isShared ?? false });
  const { title, text, tone } = refusalMessage(refusal, provider?.name ?? null);
  const isOnlyButton = provider === null && refusal.kind !== 'sign-in-again';
  const againUrl = refusal.kind === 'sign-in-again' ? refusal.authorizationUrl : null;

  useEffect(() => {
    if (againUrl === null) return;
    const timer = setTimeout(() => location.assign(againUrl), REDIRECT_DELAY_MS);
    return () => clearTimeout(timer);
  }, [againUrl]);

  if (refusal.kind === 'session-limit' && hasChoices(refusal.limit) && provider) {
    return (
      <Outcome title={title}>
        <Suspense>
          <SessionChoice
            choices={refusal.limit}
            isRepeated={pending?.hasChosen === true}
            failure={failure}
            isBusy={goingTo !== null}
            busyLabel={t`Going to ${provider.name}…`}
            cancelLabel={t`Back to sign in`}
            // At the provider the user is signed in by now, so this leads back at once.
            onContinue={(endSessionIds) => go(provider, { endSessionIds })}
            onCancel={() => void navigate(signInAddress(null, next))}
          />
        </Suspense>
      </Outcome>
    );
  }

  return (
    <Outcome title={title}>
      <Notice tone={tone} role="alert" icon={ICONS[tone]}>
        {text}
      </Notice>
      {failure && <Failure text={failure} />}
      {againUrl !== null ? (
        <Button component="a" href={againUrl} size="md" fullWidth>
          <Trans>Continue now</Trans>
        </Button>
      ) : (
        provider && (
          <Button
            size="md"
            fullWidth
            className={classes.named}
            aria-disabled={goingTo !== null}
            onClick={() => go(provider, { asOtherAccount: refusal.kind === 'not-invited' })}
          >
            {goingTo ? <Trans>Going to {goingTo.name}…</Trans> : retryLabel(provider, refusal)}
          </Button>
        )
      )}
      <Button
        component={Link}
        to={signInAddress(null, next)}
        variant={isOnlyButton ? 'filled' : 'default'}
        size="md"
        fullWidth
      >
        {status === 'active' ? <Trans>Continue</Trans> : <Trans>Back to sign in</Trans>}
      </Button>
    </Outcome>
  );
}

const retryLabel = ({ name }: AuthProvider, { kind }: ProviderRefusal): ReactNode =>
  kind === 'not-invited' ? (
    <Trans>Use another account at {name}</Trans>
  ) : (
    <Trans>Try again with {name}</Trans>
  );

const ICONS: Partial<Record<Tone, ReactNode>> = {
  neutral: <Info size={18} />,
  cyan: <Info size={18} />,
  amber: <TriangleAlert size={18} />,
  red: <CircleX size={18} />,
};

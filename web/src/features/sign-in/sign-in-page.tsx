import { Trans, useLingui } from '@lingui/react/macro';
import { Stack, Title } from '@mantine/core';
import { lazy, Suspense, useEffect, useId, useRef, useState } from 'react';
import { useLocation, useSearchParams } from 'react-router';
import { useSession } from '@curfew/client/react';
import { lastSignIn } from '../../lib/last-sign-in.ts';
import { EndReasonBanner } from './end-reason-banner.tsx';
import { readEndReason } from './end-reason-params.ts';
import { SignInLayout } from './sign-in-layout.tsx';
import classes from './live-region.module.css';
import type { ProviderButtonsProps } from './provider-buttons.tsx';
import { ContinueTo } from './continue-to.tsx';
import { safeNext, type WHILE_CONFIRMING } from './sign-in-address.ts';
import { SignInForm } from './sign-in-form.tsx';
import { useSignInOptions } from './use-sign-in-options.ts';

/** Loaded only when there are providers. If loading fails, the form still works. */
const ProviderButtons = lazy(async () => ({
  default: await import('./provider-buttons.tsx').then(
    (loaded) => loaded.ProviderButtons,
    (): ((props: ProviderButtonsProps) => null) => () => null,
  ),
}));

/** Signs the user in, and shows why the last session ended. Continues when there is a session, also from another tab. */
export function SignInPage() {
  const { t } = useLingui();
  const { status } = useSession();
  const [query] = useSearchParams();
  const { state } = useLocation() as { state: Partial<typeof WHILE_CONFIRMING> | null };
  const endReason = readEndReason(query);
  const isInterrupted = endReason !== null && state?.whileConfirming === true;
  // Read once on opening: the form may clear it.
  const [last] = useState(lastSignIn);
  const [isShared, setShared] = useState(false);
  const bannerId = useId();
  const headingId = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const { providers, passwordResetByMail } = useSignInOptions();
  useEffect(() => {
    if (isInterrupted) heading.current?.focus();
  }, [isInterrupted]);

  const isSignedIn = status === 'active';
  const next = safeNext(query.get('next'), location.origin);
  return (
    <SignInLayout title={t`Sign in`}>
      {/* The form stays until the next page has loaded. */}
      {isSignedIn && <ContinueTo to={next} />}
      <Stack gap="md">
        <Title order={1} id={headingId} ref={heading} tabIndex={-1}>
          <Trans>Sign in</Trans>
        </Title>
        <div role="status" id={bannerId} className={classes.live}>
          {endReason && <EndReasonBanner endReason={endReason} last={last} isInterrupted={isInterrupted} />}
        </div>
        <SignInForm
          remembered={last}
          isSignedIn={isSignedIn}
          // The rest of a password that someone is typing is no attempt to sign in.
          isFocused={!isInterrupted}
          passwordResetByMail={passwordResetByMail}
          isShared={isShared}
          onShare={setShared}
          aria-labelledby={headingId}
          aria-describedby={endReason ? bannerId : undefined}
        />
        {providers.length > 0 && (
          <Suspense>
            <ProviderButtons providers={providers} next={next} isShared={isShared} isSignedIn={isSignedIn} />
          </Suspense>
        )}
      </Stack>
    </SignInLayout>
  );
}

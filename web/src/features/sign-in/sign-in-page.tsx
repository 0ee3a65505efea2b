import { Trans, useLingui } from '@lingui/react/macro';
import { Stack, Title } from '@mantine/core';
import { lazy, Suspense, useId, useState } from 'react';
import { useSearchParams } from 'react-router';
import { useSession } from '@curfew/client/react';
import { lastSignIn } from '../../lib/last-sign-in.ts';
import { EndReasonBanner } from './end-reason-banner.tsx';
import { readEndReason } from './end-reason-params.ts';
import { SignInLayout } from './sign-in-layout.tsx';
import classes from './live-region.module.css';
import type { ProviderButtonsProps } from './provider-buttons.tsx';
import { ContinueTo } from './continue-to.tsx';
import { safeNext } from './sign-in-address.ts';
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
  // Read once on opening: the form may clear it.
  const [last] = useState(lastSignIn);
  const [isShared, setShared] = useState(false);
  const bannerId = useId();
  const headingId = useId();
  const { providers, passwordResetByMail } = useSignInOptions();

  const endReason = readEndReason(query);
  const isSignedIn = status === 'active';
  const next = safeNext(query.get('next'), location.origin);
  return (
    <SignInLayout title={t`Sign in`}>
      {/* The form stays until the next page has loaded. */}
      {isSignedIn && <ContinueTo to={next} />}
      <Stack gap="md">
        <Title order={1} id={headingId}>
          <Trans>Sign in</Trans>
        </Title>
        <div role="status" id={bannerId} className={classes.live}>
          {endReason && <EndReasonBanner endReason={endReason} last={last} />}
        </div>
        <SignInForm
          remembered={last}
          isSignedIn={isSignedIn}
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

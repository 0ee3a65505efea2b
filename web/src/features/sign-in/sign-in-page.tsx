import { Stack, Title } from '@mantine/core';
import { lazy, Suspense, useId, useState } from 'react';
import { useSearchParams } from 'react-router';
import { useSession } from '@curfew/client/react';
import { lastSignIn } from '../../lib/last-sign-in.ts';
import { ArrivalBanner } from './arrival-banner.tsx';
import { arrivalOf } from './arrival.ts';
import { Gate } from './gate.tsx';
import classes from './live.module.css';
import type { ProviderButtonsProps } from './provider-buttons.tsx';
import { Onward } from './onward.tsx';
import { safeNext } from './sign-in-address.ts';
import { SignInForm } from './sign-in-form.tsx';
import { useAuthProviders } from './use-auth-providers.ts';

/** Loaded where there are providers only; where that fails, the form is still there. */
const ProviderButtons = lazy(async () => ({
  default: await import('./provider-buttons.tsx').then(
    (loaded) => loaded.ProviderButtons,
    (): ((props: ProviderButtonsProps) => null) => () => null,
  ),
}));

/** For whoever has no session, and says why where the last one ended. Whoever has one, or gets one in any tab, goes on. */
export function SignInPage() {
  const { status } = useSession();
  const [query] = useSearchParams();
  // As it was when the page was opened: the form may forget it.
  const [last] = useState(lastSignIn);
  const bannerId = useId();
  const headingId = useId();
  const providers = useAuthProviders();

  const arrival = arrivalOf(query);
  const isLeaving = status === 'active';
  const next = safeNext(query.get('next'), location.origin);
  return (
    <Gate title="Sign in">
      {/* The form stays until the next page is there. */}
      {isLeaving && <Onward to={next} />}
      <Stack gap="md">
        <Title order={1} id={headingId}>
          Sign in
        </Title>
        <div role="status" id={bannerId} className={classes.live}>
          {arrival && <ArrivalBanner arrival={arrival} last={last} />}
        </div>
        <SignInForm
          remembered={last}
          isLeaving={isLeaving}
          aria-labelledby={headingId}
          aria-describedby={arrival ? bannerId : undefined}
        />
        {providers.length > 0 && (
          <Suspense>
            <ProviderButtons providers={providers} next={next} isLeaving={isLeaving} />
          </Suspense>
        )}
      </Stack>
    </Gate>
  );
}

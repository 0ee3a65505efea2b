import { Stack, Title } from '@mantine/core';
import { useId, useState } from 'react';
import { Navigate, useSearchParams } from 'react-router';
import { useSession } from '@curfew/client/react';
import { lastSignIn } from '../../lib/last-sign-in.ts';
import { ArrivalBanner } from './arrival-banner.tsx';
import { arrivalOf } from './arrival.ts';
import { Gate } from './gate.tsx';
import classes from './live.module.css';
import { safeNext } from './sign-in-address.ts';
import { SignInForm } from './sign-in-form.tsx';

/** For whoever has no session, and says why where the last one ended. Whoever has one, or gets one in any tab, goes on. */
export function SignInPage() {
  const { status } = useSession();
  const [query] = useSearchParams();
  // As it was when the page was opened: the form may forget it.
  const [last] = useState(lastSignIn);
  const bannerId = useId();
  const headingId = useId();

  const arrival = arrivalOf(query);
  const isLeaving = status === 'active';
  return (
    <Gate title="Sign in">
      {/* The form stays until the next page is there. */}
      {isLeaving && <Navigate to={safeNext(query.get('next'), location.origin)} replace />}
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
      </Stack>
    </Gate>
  );
}

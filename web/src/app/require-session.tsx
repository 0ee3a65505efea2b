import { Center, Loader, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import { Navigate, useLocation } from 'react-router';
import { useSession } from '@curfew/client/react';
import { Delayed } from '../components/delayed.tsx';
import { Failure } from '../components/failure.tsx';
import { signInAddress } from '../features/sign-in/sign-in-address.ts';
import { useDeparture } from '../lib/departure.tsx';
import { UnconfirmedVeil } from './unconfirmed-veil.tsx';

/** Shows its pages to whoever is signed in; everybody else is sent to sign in, with the reason and the way back. */
export function RequireSession({ children }: { children: ReactNode }) {
  const { status, ending, connection, watcher } = useSession();
  const { isHeld } = useDeparture();
  const { pathname, search } = useLocation();
  switch (status) {
    case 'starting':
      if (connection === 'offline') {
        return (
          <Center component="main" mih="100dvh" p="md">
            <Failure text="Curfew could not be reached." onRetry={() => void watcher.check()} />
          </Center>
        );
      }
      return (
        <Center component="main" mih="100dvh">
          <Delayed>
            <Loader type="dots" aria-hidden />
            <VisuallyHidden role="status">Finding your session</VisuallyHidden>
          </Delayed>
        </Center>
      );
    case 'active':
    case 'unconfirmed':
      return <UnconfirmedVeil isDown={status === 'unconfirmed'}>{children}</UnconfirmedVeil>;
    case 'none':
    case 'over':
      if (isHeld) return <UnconfirmedVeil isDown={false}>{children}</UnconfirmedVeil>;
      return <Navigate to={signInAddress(ending, pathname + search)} replace />;
  }
}

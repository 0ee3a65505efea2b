import { Trans, useLingui } from '@lingui/react/macro';
import { Center, Loader, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import { Navigate, useLocation, useMatches } from 'react-router';
import { useSession } from '@curfew/client/react';
import { Delayed } from '../components/delayed.tsx';
import { Failure } from '../components/failure.tsx';
import { signInAddress, WHILE_CONFIRMING } from '../features/sign-in/sign-in-address.ts';
import { useDeferredRedirect } from '../lib/deferred-redirect.tsx';
import { useIdentityConfirmation } from '../lib/identity-confirmation-context.ts';
import { UnconfirmedOverlay } from './unconfirmed-overlay.tsx';
import { UnknownPage } from './unknown-page.tsx';

/** The `handle` of the route for paths that no page has: no one has to sign in to be told so. */
export const NO_PAGE = { isPage: false };

/** Shows its pages to signed-in users. Redirects others to the sign-in page, with the end reason and the way back. */
export function RequireSession({ children }: { children: ReactNode }) {
  const { status, ending, connection, watcher } = useSession();
  const confirmation = useIdentityConfirmation();
  const { isDeferred } = useDeferredRedirect();
  const { t } = useLingui();
  const { pathname, search } = useLocation();
  const isPage = useMatches().every(({ handle }) => handle !== NO_PAGE);
  switch (status) {
    case 'starting':
      if (connection === 'offline') {
        return (
          <Center component="main" mih="100dvh" p="md">
            <Failure text={t`Couldn’t reach Curfew.`} onRetry={() => void watcher.check()} />
          </Center>
        );
      }
      return (
        <Center component="main" mih="100dvh">
          <Delayed>
            <Loader type="dots" aria-hidden />
            <VisuallyHidden role="status">
              <Trans>Loading your session</Trans>
            </VisuallyHidden>
          </Delayed>
        </Center>
      );
    case 'active':
    case 'unconfirmed':
      return <UnconfirmedOverlay isShown={status === 'unconfirmed'}>{children}</UnconfirmedOverlay>;
    case 'none':
    case 'over':
      if (isDeferred) return <UnconfirmedOverlay isShown={false}>{children}</UnconfirmedOverlay>;
      if (!isPage) return <UnknownPage />;
      return (
        <Navigate
          to={signInAddress(ending, pathname + search)}
          state={confirmation.wasInterrupted() ? WHILE_CONFIRMING : null}
          replace
        />
      );
  }
}

import { ApolloProvider } from '@apollo/client/react';
import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { MantineProvider } from '@mantine/core';
import { useMemo } from 'react';
import { RouterProvider } from 'react-router';
import type { SessionWatcher } from '@curfew/client';
import { CurfewProvider } from '@curfew/client/react';
import { NowProvider } from '../components/now.tsx';
import { OwnElements } from '../components/own-elements.tsx';
import { Toasts } from '../components/toasts.tsx';
import type { Apollo } from '../lib/apollo.ts';
import { DeferredRedirectProvider } from '../lib/deferred-redirect.tsx';
import type { IdentityConfirmation } from '../lib/identity-confirmation.ts';
import { IdentityConfirmationContext } from '../lib/identity-confirmation-context.ts';
import { LiveSocketContext } from '../lib/live-socket-context.ts';
import { cspNonce } from './csp-nonce.ts';
import { createDashboardRouter } from './router.tsx';
import { SessionCleanup } from './session-cleanup.tsx';
import { theme } from './theme.ts';

interface AppProps {
  watcher: SessionWatcher;
  apollo: Apollo;
  confirmation: IdentityConfirmation;
}

export function App({ watcher, apollo, confirmation }: AppProps) {
  const router = useMemo(createDashboardRouter, []);
  return (
    <I18nProvider i18n={i18n} defaultComponent={OwnElements}>
      <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={cspNonce}>
        <CurfewProvider watcher={watcher}>
          <ApolloProvider client={apollo.client}>
            <LiveSocketContext value={apollo.socket}>
              <IdentityConfirmationContext value={confirmation}>
                <NowProvider>
                  <Toasts>
                    <DeferredRedirectProvider>
                      <SessionCleanup apollo={apollo} />
                      <RouterProvider router={router} />
                    </DeferredRedirectProvider>
                  </Toasts>
                </NowProvider>
              </IdentityConfirmationContext>
            </LiveSocketContext>
          </ApolloProvider>
        </CurfewProvider>
      </MantineProvider>
    </I18nProvider>
  );
}

import { createBrowserRouter, Navigate, Outlet } from 'react-router';
import { SignInPage } from '../features/sign-in/sign-in-page.tsx';
import { loadTexts } from '../lib/language.ts';
import { ConfirmationHost } from './confirmation-host.tsx';
import { followLanguage } from './follow-language.tsx';
import { NotFound } from './not-found.tsx';
import { OwnersOnly } from './owners-only.tsx';
import type { PageName } from './pages.ts';
import { PageFailure } from './page-failure.tsx';
import { NO_PAGE, RequireSession } from './require-session.tsx';
import { UnknownPage } from './unknown-page.tsx';

/** What a page loads is listed apart: the list is large, and the sign-in page needs none of it. */
const page = (name: PageName) => async () => {
  const { PAGES } = await import('./pages.ts');
  const { load, texts } = PAGES[name];
  const [Component] = await Promise.all([load(), loadTexts(texts)]);
  return { Component };
};

const loadConfirmation = page('reauthentication');

/** All pages except the sign-in page are loaded on demand, so that signing in does not wait for the rest. */
export function createDashboardRouter() {
  return createBrowserRouter(
    followLanguage([
      {
        errorElement: <PageFailure />,
        hydrateFallbackElement: <></>,
        children: [
          { path: '/', element: <Navigate to="/account" replace /> },
          { path: '/login', element: <SignInPage /> },
          {
            path: '/login/callback',
            lazy: page('callback'),
          },
          {
            path: '/login/forgot',
            lazy: page('forgotten-password'),
          },
          {
            path: '/set-password',
            lazy: page('set-password'),
          },
          { path: '*', element: <UnknownPage /> },
          {
            element: (
              <RequireSession>
                <Outlet />
                <ConfirmationHost load={loadConfirmation} />
              </RequireSession>
            ),
            children: [
              {
                lazy: page('shell'),
                children: [
                  {
                    errorElement: <PageFailure />,
                    children: [
                      {
                        path: '/account',
                        lazy: page('account'),
                      },
                      {
                        path: '/account/sessions',
                        lazy: page('own-sessions'),
                      },
                      {
                        element: <OwnersOnly />,
                        children: [
                          {
                            path: '/account/security',
                            lazy: page('policy'),
                          },
                          {
                            path: '/account/security/sessions',
                            lazy: page('sessions'),
                          },
                          {
                            path: '/account/people',
                            lazy: page('people'),
                          },
                          {
                            path: '/account/applications',
                            lazy: page('applications'),
                          },
                          {
                            path: '/account/events',
                            lazy: page('events'),
                          },
                          {
                            path: '/account/audit',
                            lazy: page('audit'),
                          },
                          { path: '/account/evidence', lazy: page('evidence') },
                        ],
                      },
                      { path: '/account/*', handle: NO_PAGE, element: <NotFound /> },
                    ],
                  },
                ],
              },
            ],
          },
        ],
      },
    ]),
  );
}
